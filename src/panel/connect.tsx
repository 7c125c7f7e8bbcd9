import * as React from 'react';

import type { IConnection } from '../tokens';
import { ConnectForm } from './connectForm';
import { useCommand } from './hooks';
import { useServices } from './services';
import { problemOf, visible } from './words';

/** The name of the connection that is always there, and cannot be edited. */
const OFFLINE = 'offline';

/** The connections to models: choose one, remove one, or make one. */
export function Connect(): JSX.Element {
  const { codeact, panel, trans } = useServices();
  const [rows, setRows] = React.useState<IConnection[]>([]);
  const [edited, setEdited] = React.useState<IConnection | null>(null);
  const { problem, run } = useCommand(problemOf);
  const load = () =>
    run(async () => {
      setRows(await codeact.connections());
      await codeact.refreshStatus();
    });
  React.useEffect(() => {
    void load();
  }, [codeact]);
  const use = async ({ name, base_url, model }: IConnection) => {
    const settings = { base_url, model, chosen: true };
    if (await run(() => codeact.putConnection(name, settings))) {
      await load();
    }
  };
  const remove = async (row: IConnection) => {
    if (await run(() => codeact.removeConnection(row.name))) {
      await load();
    }
  };
  const offline: IConnection = {
    name: OFFLINE,
    base_url: '',
    model: trans.__('Offline analyst'),
    has_key: false,
    chosen: codeact.status?.model.offline ?? false
  };
  return (
    <section
      className="jp-CodeAct-page"
      aria-label={trans.__('Connect a model')}
    >
      <div className="jp-CodeAct-pageHeader">
        <h2>{trans.__('Connect a model')}</h2>
        <button
          type="button"
          className="jp-CodeAct-button"
          onClick={() => {
            panel.view = 'conversation';
          }}
        >
          {trans.__('Back')}
        </button>
      </div>
      {problem && (
        <p className="jp-CodeAct-problem" role="alert">
          {problem}
        </p>
      )}
      {rows.length > 0 && (
        <ul className="jp-CodeAct-rows">
          {[...rows, offline].map(row => (
            <ConnectionRow
              key={row.name}
              row={row}
              onUse={() => void use(row)}
              onEdit={() => setEdited(row)}
              onRemove={() => void remove(row)}
            />
          ))}
        </ul>
      )}
      <ConnectForm
        key={edited?.name ?? ''}
        initial={edited}
        onSaved={() => {
          panel.view = 'conversation';
        }}
      />
    </section>
  );
}

function ConnectionRow(props: {
  row: IConnection;
  onUse: () => void;
  onEdit: () => void;
  onRemove: () => void;
}): JSX.Element {
  const { row } = props;
  const { trans } = useServices();
  const fixed = row.name === OFFLINE;
  const key = row.has_key ? trans.__('with a key') : trans.__('without a key');
  return (
    <li className="jp-CodeAct-row jp-mod-wraps">
      <span className="jp-CodeAct-rowText">
        <span className="jp-CodeAct-rowTitle">{visible(row.model)}</span>
        <span className="jp-CodeAct-rowFacts">
          {fixed
            ? trans.__('built in: works by fixed rules')
            : [visible(row.base_url), key].join(' \u00b7 ')}
        </span>
      </span>
      <span className="jp-CodeAct-rowActions">
        {row.chosen ? (
          <span className="jp-CodeAct-inUse">{trans.__('In use')}</span>
        ) : (
          <button
            type="button"
            className="jp-CodeAct-textButton"
            onClick={props.onUse}
          >
            {trans.__('Use')}
          </button>
        )}
        {!fixed && (
          <>
            <button
              type="button"
              className="jp-CodeAct-textButton"
              onClick={props.onEdit}
            >
              {trans.__('Edit')}
            </button>
            <button
              type="button"
              className="jp-CodeAct-textButton"
              onClick={props.onRemove}
            >
              {trans.__('Remove')}
            </button>
          </>
        )}
      </span>
    </li>
  );
}
