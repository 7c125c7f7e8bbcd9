import type { TranslationBundle } from '@jupyterlab/translation';

import type { Proposal } from '../events';
import { visible } from './words';

type Risk = Proposal['risk_codes'][number];

/** The risks of proposed code in the user's language; as the server said them where they have no code. */
export function riskWords(
  proposal: Pick<Proposal, 'risks' | 'risk_codes'>,
  trans: TranslationBundle
): string[] {
  return proposal.risks.map((words, index) => {
    const code = proposal.risk_codes[index];
    return (code && wordsFor(code, trans)) ?? visible(words);
  });
}

/** A code in words; undefined for one of a newer server. */
function wordsFor(risk: Risk, trans: TranslationBundle): string | undefined {
  switch (risk) {
    case 'unchecked':
      return trans.__('cannot be checked');
    case 'hidden':
      return trans.__('holds invisible characters');
    case 'deletes':
      return trans.__('deletes files');
    case 'overwrites':
      return trans.__('writes or overwrites files');
    case 'outside':
      return trans.__("reaches outside the notebook's folder");
    case 'network':
      return trans.__('uses the network');
    case 'installs':
      return trans.__('installs or removes packages');
    case 'shell':
      return trans.__('runs shell commands');
    case 'secrets':
      return trans.__('reads environment variables or credentials');
    case 'kills':
      return trans.__('ends processes');
    case 'rights':
      return trans.__('changes rights, or acts with higher ones');
    case 'long':
      return trans.__('may run for very long');
    case 'unseen':
      return trans.__('runs code that is not shown here');
  }
}
