import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Proposal } from '../events';
import { riskWords } from './riskWords';
import { hasHidden, visible } from './words';

/** What proposed code may do, and its lines with characters that nobody sees, with these written out. */
export function Risks(props: {
  trans: TranslationBundle;
  /** Null where it is not known yet. */
  proposal: Pick<Proposal, 'risks' | 'risk_codes'> | null;
  source: string;
}): JSX.Element | null {
  const { trans, proposal, source } = props;
  const risks = new Set(proposal ? riskWords(proposal, trans) : []);
  const disguised = source.split('\n').filter(hasHidden);
  if (disguised.length) {
    risks.add(trans.__('holds invisible characters'));
  }
  return risks.size ? (
    <>
      <ul className="jp-CodeAct-risks" aria-label={trans.__('Risks')}>
        {[...risks].map(risk => (
          <li key={risk}>{risk}</li>
        ))}
      </ul>
      {disguised.length > 0 && (
        <pre
          className="jp-CodeAct-disguised"
          tabIndex={0}
          role="region"
          aria-label={trans.__('The same lines with nothing invisible')}
        >
          {disguised.map(visible).join('\n')}
        </pre>
      )}
    </>
  ) : null;
}
