import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { BypassConfirmation } from './bypass';

interface IDecisionButtonsProps {
  trans: TranslationBundle;
  /** A decision is on its way. */
  busy: boolean;
  /** What will run is not what was proposed. */
  edited: boolean;
  /** Whether the administrator lets cells run without asking. */
  mayRunAll: boolean;
  /** Whether the user has agreed to that in this conversation. */
  agreed: boolean;
  /** Keys that run the cell, as they are called. */
  keys: string;
  runButton?: React.RefObject<HTMLButtonElement>;
  onRun: () => void;
  onRunAll: () => void;
  onReject: (note: string) => void;
}

/** What can be decided about a proposed cell: in the panel and on the cell. */
export function DecisionButtons(props: IDecisionButtonsProps): JSX.Element {
  const { trans, busy } = props;
  const [asks, setAsks] = React.useState<'note' | 'bypass' | null>(null);
  const back = () => setAsks(null);
  if (asks === 'note') {
    return (
      <Rejection
        trans={trans}
        busy={busy}
        onReject={props.onReject}
        onCancel={back}
      />
    );
  }
  if (asks === 'bypass') {
    return (
      <BypassConfirmation
        trans={trans}
        busy={busy}
        onAgree={props.onRunAll}
        onCancel={back}
      />
    );
  }
  return (
    <div className="jp-CodeAct-buttons">
      <button
        ref={props.runButton}
        type="button"
        className="jp-CodeAct-button jp-mod-styled jp-mod-accept"
        disabled={busy}
        title={trans.__('Run this cell (%1)', props.keys)}
        onClick={props.onRun}
      >
        {props.edited ? trans.__('Run as edited') : trans.__('Run')}
      </button>
      <button
        type="button"
        className="jp-CodeAct-button"
        disabled={busy}
        title={trans.__('Do not run this cell, and say why')}
        onClick={() => setAsks('note')}
      >
        {trans.__('Reject')}
      </button>
      {props.mayRunAll && (
        <button
          type="button"
          className="jp-CodeAct-textButton"
          disabled={busy}
          title={trans.__(
            'Run this cell and the following ones without asking'
          )}
          onClick={props.agreed ? props.onRunAll : () => setAsks('bypass')}
        >
          {trans.__('Run all in this conversation')}
        </button>
      )}
    </div>
  );
}

function Rejection(props: {
  trans: TranslationBundle;
  busy: boolean;
  onReject: (note: string) => void;
  onCancel: () => void;
}): JSX.Element {
  const { trans } = props;
  const [note, setNote] = React.useState('');
  return (
    <form
      className="jp-CodeAct-rejection"
      onSubmit={event => {
        event.preventDefault();
        props.onReject(note.trim());
      }}
    >
      <input
        type="text"
        className="jp-CodeAct-input"
        aria-label={trans.__('Why not, or what instead')}
        placeholder={trans.__('Why not, or what instead (optional)')}
        autoFocus
        value={note}
        onChange={event => setNote(event.target.value)}
        onKeyDown={event => event.key === 'Escape' && props.onCancel()}
      />
      <div className="jp-CodeAct-buttons">
        <button
          type="submit"
          className="jp-CodeAct-button jp-mod-styled jp-mod-warn"
          disabled={props.busy}
        >
          {trans.__('Reject')}
        </button>
        <button
          type="button"
          className="jp-CodeAct-button"
          onClick={props.onCancel}
        >
          {trans.__('Back')}
        </button>
      </div>
    </form>
  );
}
