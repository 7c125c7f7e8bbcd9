import * as React from 'react';

import type { Proposal } from '../events';
import { Editor } from './editor';
import { useCommand } from './hooks';
import { useServices } from './services';
import { hasHidden, problemOf, visible } from './words';

/** Proposed code, editable, and what the user can decide about it. */
export function Approval(props: {
  step: number;
  proposal: Proposal;
  language: string;
}): JSX.Element {
  const { step, proposal, language } = props;
  const { codeact, trans } = useServices();
  const { busy, problem, run } = useCommand(problemOf);
  const [source, setSource] = React.useState(proposal.source);
  const [rejecting, setRejecting] = React.useState(false);
  const runButton = React.useRef<HTMLButtonElement>(null);
  const edited = source !== proposal.source;
  const approve = () =>
    run(() => codeact.approve(step, edited ? source : undefined));
  const approveAll = () => {
    codeact.approval = 'auto';
    return approve();
  };
  const mayRunAll = codeact.status?.approval_floor === 'auto';
  return (
    <div
      className="jp-CodeAct-approval"
      role="group"
      aria-label={trans.__('Proposed code')}
    >
      <Risks risks={proposal.risks} source={source} />
      <Editor
        source={proposal.source}
        language={language}
        label={trans.__('Proposed code, editable; Escape leaves it')}
        onChange={setSource}
        onRun={() => void approve()}
        onLeave={() => runButton.current?.focus()}
      />
      <p className="jp-CodeAct-hint">
        {edited
          ? trans.__('Edited here: what stands above will run.')
          : trans.__(
              'The cell stands in the notebook too; edit it there or here.'
            )}
      </p>
      {problem && (
        <p className="jp-CodeAct-problem" role="alert">
          {problem}
        </p>
      )}
      {rejecting ? (
        <Rejection
          busy={busy}
          onReject={note => void run(() => codeact.reject(step, note))}
          onCancel={() => setRejecting(false)}
        />
      ) : (
        <div className="jp-CodeAct-buttons">
          <button
            ref={runButton}
            type="button"
            className="jp-CodeAct-button jp-mod-styled jp-mod-accept"
            disabled={busy}
            title={trans.__('Run this cell (Ctrl or Cmd + Enter in the code)')}
            onClick={() => void approve()}
          >
            {edited ? trans.__('Run as edited') : trans.__('Run')}
          </button>
          <button
            type="button"
            className="jp-CodeAct-button"
            disabled={busy}
            onClick={() => setRejecting(true)}
          >
            {trans.__('Reject')}
          </button>
          {mayRunAll && (
            <button
              type="button"
              className="jp-CodeAct-textButton"
              disabled={busy}
              title={trans.__(
                'Run this cell and the following ones without asking'
              )}
              onClick={() => void approveAll()}
            >
              {trans.__('Run all in this conversation')}
            </button>
          )}
        </div>
      )}
    </div>
  );
}

function Risks(props: { risks: string[]; source: string }): JSX.Element | null {
  const { trans } = useServices();
  const risks = props.risks.map(visible);
  if (hasHidden(props.source)) {
    risks.push(trans.__('holds invisible characters'));
  }
  return risks.length ? (
    <ul className="jp-CodeAct-risks" aria-label={trans.__('Risks')}>
      {risks.map(risk => (
        <li key={risk}>{risk}</li>
      ))}
    </ul>
  ) : null;
}

function Rejection(props: {
  busy: boolean;
  onReject: (note: string) => void;
  onCancel: () => void;
}): JSX.Element {
  const { trans } = useServices();
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
