import * as React from 'react';

import type { Proposal } from '../events';
import { DecisionButtons } from './decisionButtons';
import { Editor } from './editor';
import { useCommand } from './hooks';
import { Problem } from './problem';
import { Risks } from './risks';
import { useServices } from './services';
import { problemOf } from './words';

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
  const runButton = React.useRef<HTMLButtonElement>(null);
  const { box, stay } = useStay();
  const edited = source !== proposal.source;
  const approve = (all = false) => {
    stay();
    void run(() => codeact.approve(step, edited ? source : undefined, all));
  };
  const reject = (note: string) => {
    stay();
    void run(() => codeact.reject(step, note));
  };
  return (
    <div
      ref={box}
      className="jp-CodeAct-approval"
      role="group"
      aria-label={trans.__('Proposed code')}
    >
      <Risks trans={trans} proposal={proposal} source={source} />
      <Editor
        source={proposal.source}
        language={language}
        label={trans.__('Proposed code, editable; Escape leaves it')}
        onChange={setSource}
        onRun={() => approve()}
        onLeave={() => runButton.current?.focus()}
      />
      <p className="jp-CodeAct-hint">
        {edited
          ? trans.__('Edited here: what stands above will run.')
          : trans.__(
              'The cell stands in the notebook too; edit it there or here.'
            )}
      </p>
      <Problem text={problem} />
      <DecisionButtons
        trans={trans}
        busy={busy}
        edited={edited}
        mayRunAll={codeact.status?.approval_floor === 'auto'}
        agreed={codeact.bypassAgreed}
        keys={trans.__('Ctrl or Cmd + Enter in the code')}
        runButton={runButton}
        onRun={() => approve()}
        onRunAll={() => approve(true)}
        onReject={reject}
      />
    </div>
  );
}

/** `stay` hands the focus from what is in `box`, and will be gone, to the step, from where the keyboard goes on. */
function useStay(): { box: React.RefObject<HTMLDivElement>; stay: () => void } {
  const box = React.useRef<HTMLDivElement>(null);
  const stay = () => {
    if (box.current?.contains(document.activeElement)) {
      const step = box.current.closest<HTMLElement>('[data-view]');
      step?.focus({ preventScroll: true });
    }
  };
  return { box, stay };
}
