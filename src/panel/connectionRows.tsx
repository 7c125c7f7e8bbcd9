import * as React from 'react';

import type { IConnection } from '../connections';
import { useServices } from './services';
import { visible } from './words';

/** The name of the connection that is always there, and cannot be edited. */
export const OFFLINE = 'offline';

/** The stored connections and the built-in analyst: use one, edit one, remove one. */
export function ConnectionRows(props: {
  rows: IConnection[];
  onUse: (name: string) => void;
  onEdit: (row: IConnection) => void;
  onRemove: (name: string) => void;
}): JSX.Element {
  const { trans } = useServices();
  return (
    <ul className="jp-CodeAct-rows" aria-label={trans.__('Connections')}>
      {props.rows.map(row => (
        <Row
          key={row.name}
          name={row.name}
          title={visible(row.model) || visible(row.name)}
          facts={factsOf(row)}
          onUse={props.onUse}
        >
          <button
            type="button"
            className="jp-CodeAct-textButton"
            aria-label={trans.__('Edit %1', visible(row.name))}
            onClick={() => props.onEdit(row)}
          >
            {trans.__('Edit')}
          </button>
          <button
            type="button"
            className="jp-CodeAct-textButton"
            aria-label={trans.__('Remove %1', visible(row.name))}
            onClick={() => props.onRemove(row.name)}
          >
            {trans.__('Remove')}
          </button>
        </Row>
      ))}
      <Row
        name={OFFLINE}
        title={trans.__('Offline analyst')}
        facts={trans.__('built in: works by fixed rules')}
        onUse={props.onUse}
      />
    </ul>
  );

  function factsOf(row: IConnection): string {
    const facts = [
      visible(row.base_url),
      row.has_key ? trans.__('with a key') : trans.__('without a key')
    ];
    if (row.context_tokens) {
      facts.push(
        trans.__('%1 tokens', row.context_tokens.toLocaleString('en'))
      );
    }
    return facts.join(' \u00b7 ');
  }
}

function Row(props: {
  name: string;
  title: string;
  facts: string;
  onUse: (name: string) => void;
  children?: React.ReactNode;
}): JSX.Element {
  const { codeact, trans } = useServices();
  return (
    <li className="jp-CodeAct-row jp-mod-wraps">
      <span className="jp-CodeAct-rowText" title={props.facts}>
        <span className="jp-CodeAct-rowTitle">{props.title}</span>
        <span className="jp-CodeAct-rowFacts">{props.facts}</span>
      </span>
      <span className="jp-CodeAct-rowActions">
        {codeact.answering?.name === props.name ? (
          <span className="jp-CodeAct-inUse">{trans.__('In use')}</span>
        ) : (
          <button
            type="button"
            className="jp-CodeAct-textButton"
            aria-label={trans.__('Use %1', props.title)}
            onClick={() => props.onUse(props.name)}
          >
            {trans.__('Use')}
          </button>
        )}
        {props.children}
      </span>
    </li>
  );
}
