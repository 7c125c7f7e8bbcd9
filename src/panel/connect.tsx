import * as React from 'react';

import type {
  IConnection,
  IEndpoints,
  IFound,
  IListedModel
} from '../connections';
import { nameOf, settingsOfFound } from './connectDraft';
import { ConnectForm } from './connectForm';
import { ConnectionRows } from './connectionRows';
import { FoundRows } from './foundRows';
import { useCommand } from './hooks';
import { labelOf } from './modelPicker';
import { Problem } from './problem';
import { useServices } from './services';
import { problemOf, visible } from './words';

/** The connections to models: connect what was found, choose one, change one, or make one. */
export function Connect(): JSX.Element {
  const { codeact, panel, trans } = useServices();
  const { connections } = codeact;
  const [rows, setRows] = React.useState<IConnection[]>([]);
  const [endpoints, setEndpoints] = React.useState<IEndpoints | null>(null);
  const [edited, setEdited] = React.useState<IConnection | null>(null);
  const { busy, problem, run } = useCommand(problemOf);
  const load = () => run(async () => setRows(await connections.list()));
  React.useEffect(() => {
    void run(async () => {
      const [stored, all] = await Promise.all([
        connections.list(),
        connections.endpoints(),
        codeact.refreshStatus()
      ]);
      setRows(stored);
      setEndpoints(all);
    });
  }, [codeact]);
  const use = async (name: string) => {
    if (await run(() => connections.put(name, { chosen: true }))) {
      codeact.choose(name);
      await load();
    }
  };
  const connect = async (found: IFound, model: IListedModel) => {
    const name = nameOf(found.base_url, model.name);
    const settings = settingsOfFound(found.base_url, model);
    const stored = await run(() =>
      connections.put(name, { ...settings, chosen: true })
    );
    if (stored) {
      done(name);
    }
  };
  const remove = async (name: string) => {
    if (await run(() => connections.remove(name))) {
      setEdited(null);
      await load();
    }
  };
  const done = (name: string) => {
    codeact.choose(name);
    panel.view = 'conversation';
  };
  const found = endpoints?.found ?? [];
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
      <Situation found={found.length > 0} />
      <Problem text={problem} />
      {!codeact.status?.model.fixed && (
        <>
          {found.length > 0 && (
            <FoundRows found={found} busy={busy} onConnect={connect} />
          )}
          {rows.length > 0 && (
            <ConnectionRows
              rows={rows}
              onUse={name => void use(name)}
              onEdit={setEdited}
              onRemove={name => void remove(name)}
            />
          )}
          <ConnectForm
            key={edited?.name ?? ''}
            initial={edited}
            providers={endpoints?.providers ?? []}
            onSaved={done}
            onChecked={() => void load()}
          />
        </>
      )}
    </section>
  );
}

/** Who answers, and what is missing, in one sentence. */
function Situation(props: { found: boolean }): JSX.Element {
  const { codeact, trans } = useServices();
  const model = codeact.status?.model;
  const answering = codeact.answering;
  return <p className="jp-CodeAct-quiet">{words()}</p>;

  function words(): string {
    if (model?.problem) {
      return visible(model.problem);
    }
    if (model?.fixed) {
      return trans.__(
        'The administrator has set what answers: %1.',
        visible(model.name || model.connection)
      );
    }
    if (answering && !answering.offline) {
      const label = labelOf(answering, model?.choices ?? [], trans);
      return trans.__('%1 answers this conversation.', label);
    }
    return props.found
      ? trans.__('No model answers yet: connect the one that was found.')
      : trans.__('No model answers yet: the offline analyst does.');
  }
}
