import * as React from 'react';

import type { ICheckRow } from '../connections';
import { useServices } from './services';
import { visible } from './words';

/** What a check found, a row each. */
export function CheckRows(props: { rows: ICheckRow[] }): JSX.Element {
  const { trans } = useServices();
  const words = {
    ok: trans.__('ok'),
    warn: trans.__('warning'),
    fail: trans.__('failed')
  };
  return (
    <ul
      className="jp-CodeAct-checks"
      aria-label={trans.__('Result of the check')}
    >
      {props.rows.map(row => (
        <li key={row.name} className={`jp-mod-${row.level}`}>
          <span className="jp-CodeAct-level">{words[row.level]}</span>
          <span>
            <strong>{visible(row.name)}</strong> {visible(row.detail)}
            {row.action && (
              <span className="jp-CodeAct-next">{visible(row.action)}</span>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
