import { addIcon, historyIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { Approvals, ArmBypass } from './approvals';
import { IconButton } from './iconButton';
import { ModelPicker } from './modelPicker';
import { useServices } from './services';
import { fileName, visible } from './words';

/** What the conversation is bound to, who answers, and who decides. */
export function Header(): JSX.Element {
  const { codeact, panel, trans } = useServices();
  const inHistory = panel.view === 'history';
  // A question about one conversation is not one about another.
  const shown = codeact.current?.id ?? '';
  const [asking, setAsking] = React.useState<string | null>(null);
  return (
    <div className="jp-CodeAct-header">
      <div className="jp-CodeAct-headerRow">
        <Bound />
        <IconButton
          icon={addIcon}
          title={trans.__('New conversation')}
          onClick={() => {
            codeact.newConversation();
            panel.view = 'conversation';
          }}
        />
        <IconButton
          icon={historyIcon}
          title={trans.__('History')}
          pressed={inHistory}
          onClick={() => {
            panel.view = inHistory ? 'conversation' : 'history';
          }}
        />
      </div>
      {panel.view === 'conversation' && <Elsewhere />}
      {codeact.status && (
        <div className="jp-CodeAct-headerRow">
          <ModelPicker />
          <Approvals onAsk={() => setAsking(shown)} />
        </div>
      )}
      {asking === shown && <ArmBypass onDone={() => setAsking(null)} />}
    </div>
  );
}

/** A live run keeps the panel while the user works in another notebook: the way to that one's conversation. */
function Elsewhere(): JSX.Element | null {
  const { codeact, trans } = useServices();
  const { elsewhere } = codeact;
  return elsewhere === null ? null : (
    <button
      type="button"
      className="jp-CodeAct-textButton jp-CodeAct-elsewhere"
      title={trans.__('The run goes on; come back when you like')}
      onClick={() => void codeact.turn()}
    >
      {trans.__('Show the conversation of %1', fileName(elsewhere))}
    </button>
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
