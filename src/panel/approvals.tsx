import * as React from 'react';

import { openRun } from '../client/fold';
import { isLive } from '../client/conversations';
import type { ApprovalMode, ICodeAct } from '../tokens';
import { BypassConfirmation } from './bypass';
import { useServices } from './services';

/** The modes, the most careful first. */
const MODES: ApprovalMode[] = ['ask', 'ask-if-risky', 'auto'];

/** Which cells wait for the user; never less careful than the administrator's floor. */
export function Approvals(props: { onAsk: () => void }): JSX.Element {
  const { codeact, trans } = useServices();
  const labels: { [mode in ApprovalMode]: string } = {
    ask: trans.__('Ask before running'),
    'ask-if-risky': trans.__('Ask if risky'),
    auto: trans.__('Run without asking')
  };
  const floor = MODES.indexOf(codeact.status?.approval_floor ?? 'auto');
  const offered = MODES.filter((_, index) => index <= floor);
  const armed = isArmed(codeact);
  return (
    <select
      className={`jp-CodeAct-approvals${armed ? ' jp-mod-armed' : ''}`}
      aria-label={trans.__('Approval of cells')}
      title={
        armed && codeact.approval !== 'auto'
          ? trans.__('Holds from the next message on; this run does not ask')
          : armed
            ? trans.__('Cells run as soon as the model has written them')
            : labels[codeact.approval]
      }
      value={codeact.approval}
      onChange={event => {
        const mode = event.target.value as ApprovalMode;
        if (mode === 'auto' && mustAgree(codeact)) {
          props.onAsk();
        } else {
          codeact.approval = mode;
        }
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

/** Asks whether the cells of the conversation that is shown may run without asking. */
export function ArmBypass(props: { onDone: () => void }): JSX.Element {
  const { codeact, trans } = useServices();
  return (
    <BypassConfirmation
      trans={trans}
      onAgree={() => {
        codeact.approval = 'auto';
        props.onDone();
      }}
      onCancel={props.onDone}
    />
  );
}

/** Whether code that others wrote runs without asking. The offline analyst's code is this product's own. */
function isArmed(codeact: ICodeAct): boolean {
  const { answering, current } = codeact;
  const run = current && isLive(current) ? openRun(current.state) : null;
  return (
    !answering?.offline &&
    (codeact.approval === 'auto' || run?.approval === 'auto')
  );
}

/** Whether running without asking is neither the server's default nor agreed to. */
function mustAgree(codeact: ICodeAct): boolean {
  return !codeact.bypassAgreed && codeact.usualApproval !== 'auto';
}
