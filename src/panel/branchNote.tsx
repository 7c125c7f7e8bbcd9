import * as React from 'react';

import type { BranchPoint } from '../events';
import { useCommand } from './hooks';
import { Problem } from './problem';
import { useServices } from './services';
import { problemOf, visible } from './words';

/** Where the conversation comes from, and what did not branch with it. */
export function BranchNote(props: { from: BranchPoint }): JSX.Element {
  const { conversation_id, title } = props.from;
  const { codeact, trans } = useServices();
  const { problem, run } = useCommand(problemOf);
  return (
    <div className="jp-CodeAct-branchNote" role="note">
      {trans.__('Branched from')}{' '}
      <button
        type="button"
        className="jp-CodeAct-textButton"
        onClick={() => void run(() => codeact.open(conversation_id))}
      >
        {visible(title) || trans.__('Untitled')}
      </button>
      <span className="jp-CodeAct-hint">
        {trans.__(
          'The kernel and the notebook were not taken back: what ran later is still there.'
        )}
      </span>
      <Problem text={problem} />
    </div>
  );
}
