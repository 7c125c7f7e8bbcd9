import { addIcon, historyIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { ApprovalMode } from '../tokens';
import { ModelPicker } from './modelPicker';
import { useServices } from './services';
import { fileName, visible } from './words';

/** What the conversation is bound to, who answers, and who decides. */
export function Header(): JSX.Element {
  const { codeact, panel, trans } = useServices();
  const inHistory = panel.view === 'history';
  return (
    <header className="jp-CodeAct-header">
      <div className="jp-CodeAct-headerRow">
        <Bound />
        <button
          type="button"
          className="jp-CodeAct-iconButton"
          aria-label={trans.__('New conversation')}
          title={trans.__('New conversation')}
          onClick={() => {
            codeact.newConversation();
            panel.view = 'conversation';
          }}
        >
          <addIcon.react tag="span" />
        </button>
        <button
          type="button"
          className={`jp-CodeAct-iconButton${inHistory ? ' jp-mod-on' : ''}`}
          aria-label={trans.__('History')}
          aria-pressed={inHistory}
          title={trans.__('History')}
          onClick={() => {
            panel.view = inHistory ? 'conversation' : 'history';
          }}
        >
          <historyIcon.react tag="span" />
        </button>
      </div>
      {codeact.status && (
        <div className="jp-CodeAct-headerRow">
          <ModelPicker />
          <Approvals />
        </div>
      )}
    </header>
  );
}

function Bound(): JSX.Element {
  const { codeact, trans } = useServices();
  const { binding } = codeact;
  if (!binding) {
    return (
      <div className="jp-CodeAct-bound jp-mod-none">
        {trans.__('No notebook open')}
      </div>
    );
  }
  const { path, kernelName, kernelStatus } = binding;
  return (
    <div className="jp-CodeAct-bound" title={visible(path)}>
      <span className="jp-CodeAct-notebook">{fileName(path)}</span>
      <span className="jp-CodeAct-kernel">
        {kernelName ? visible(kernelName) : trans.__('No kernel')}
      </span>
      <span
        className="jp-CodeAct-dot"
        data-status={kernelStatus}
        role="img"
        aria-label={trans.__('Kernel: %1', visible(kernelStatus))}
        title={trans.__('Kernel: %1', visible(kernelStatus))}
      />
    </div>
  );
}

/** The modes, the most careful first. */
const MODES: ApprovalMode[] = ['ask', 'ask-if-risky', 'auto'];

/** Which cells wait for the user; never less careful than the administrator's floor. */
function Approvals(): JSX.Element {
  const { codeact, trans } = useServices();
  const labels: { [mode in ApprovalMode]: string } = {
    ask: trans.__('Ask before running'),
    'ask-if-risky': trans.__('Ask if risky'),
    auto: trans.__('Run without asking')
  };
  const floor = MODES.indexOf(codeact.status?.approval_floor ?? 'auto');
  const offered = MODES.filter(
    (mode, index) =>
      index <= floor && (mode !== 'ask-if-risky' || codeact.approval === mode)
  );
  // The offline analyst's code is this product's own.
  const offline = codeact.answering?.offline ?? false;
  const armed = codeact.approval === 'auto' && !offline;
  return (
    <select
      className={`jp-CodeAct-approvals${armed ? ' jp-mod-armed' : ''}`}
      aria-label={trans.__('Approval of cells')}
      title={
        armed
          ? trans.__('Cells run as soon as the model has written them')
          : labels[codeact.approval]
      }
      value={codeact.approval}
      onChange={event => {
        codeact.approval = event.target.value as ApprovalMode;
      }}
    >
      {offered.map(mode => (
        <option key={mode} value={mode}>
          {labels[mode]}
        </option>
      ))}
    </select>
  );
}
