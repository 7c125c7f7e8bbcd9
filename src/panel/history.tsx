import { Dialog, showDialog } from '@jupyterlab/apputils';
import { deleteIcon, downloadIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { ExportFormat, ISummary } from '../tokens';
import { openExportMenu } from './exportMenu';
import { useCommand } from './hooks';
import { useServices } from './services';
import { fileName, problemOf, visible } from './words';

/** The conversations of this notebook, or all, to open and delete. */
export function History(): JSX.Element {
  const { codeact, panel, trans } = useServices();
  const bound = codeact.binding !== null;
  const [all, setAll] = React.useState(!bound);
  const [rows, setRows] = React.useState<ISummary[] | null>(null);
  const { problem, run } = useCommand(problemOf);
  const load = () => run(async () => setRows(await codeact.list(all)));
  React.useEffect(() => {
    void load();
  }, [all, codeact]);
  const open = async (row: ISummary) => {
    if (await run(() => codeact.open(row.conversation_id))) {
      panel.view = 'conversation';
    }
  };
  const remove = async (row: ISummary) => {
    if (await confirmed(row)) {
      await run(() => codeact.remove(row.conversation_id));
      await load();
    }
  };
  const confirmed = async (row: ISummary) => {
    const { button } = await showDialog({
      title: trans.__('Delete this conversation?'),
      body: trans.__(
        '"%1" will be gone for good. The notebook keeps its cells.',
        visible(row.title)
      ),
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.warnButton({ label: trans.__('Delete') })
      ]
    });
    return button.accept;
  };
  return (
    <section className="jp-CodeAct-page" aria-label={trans.__('History')}>
      <div className="jp-CodeAct-pageHeader">
        <h2>{trans.__('Conversations')}</h2>
        <label>
          <input
            type="checkbox"
            checked={all}
            disabled={!bound}
            onChange={event => setAll(event.target.checked)}
          />
          {trans.__('All notebooks')}
        </label>
      </div>
      {problem && (
        <p className="jp-CodeAct-problem" role="alert">
          {problem}
        </p>
      )}
      {rows?.length === 0 && (
        <p className="jp-CodeAct-quiet">
          {all
            ? trans.__('No conversations yet.')
            : trans.__('No conversations about this notebook yet.')}
        </p>
      )}
      <ul className="jp-CodeAct-rows">
        {rows?.map(row => (
          <Row
            key={row.conversation_id}
            row={row}
            all={all}
            onOpen={() => void open(row)}
            onExport={format =>
              void run(() => codeact.download(row.conversation_id, format))
            }
            onRemove={() => void remove(row)}
          />
        ))}
      </ul>
    </section>
  );
}

function Row(props: {
  row: ISummary;
  all: boolean;
  onOpen: () => void;
  onExport: (format: ExportFormat) => void;
  onRemove: () => void;
}): JSX.Element {
  const { row, all } = props;
  const { codeact, trans } = useServices();
  const title = visible(row.title) || trans.__('Untitled');
  const facts = [
    ...(row.live ? [trans.__('running')] : []),
    ...(all ? [fileName(row.notebook_path)] : []),
    new Date(row.updated_at).toLocaleString(undefined, {
      dateStyle: 'medium',
      timeStyle: 'short'
    })
  ];
  const current = codeact.current?.id === row.conversation_id;
  return (
    <li className="jp-CodeAct-row">
      <button
        type="button"
        className="jp-CodeAct-rowOpen"
        aria-current={current}
        onClick={props.onOpen}
      >
        <span className="jp-CodeAct-rowTitle">{title}</span>
        <span className="jp-CodeAct-rowFacts">{facts.join(' \u00b7 ')}</span>
      </button>
      <button
        type="button"
        className="jp-CodeAct-iconButton"
        aria-label={trans.__('Export "%1"', title)}
        aria-haspopup="menu"
        title={trans.__('Export')}
        onClick={event =>
          openExportMenu(event.currentTarget, trans, props.onExport)
        }
      >
        <downloadIcon.react tag="span" />
      </button>
      <button
        type="button"
        className="jp-CodeAct-iconButton"
        aria-label={trans.__('Delete "%1"', title)}
        title={trans.__('Delete')}
        onClick={props.onRemove}
      >
        <deleteIcon.react tag="span" />
      </button>
    </li>
  );
}
