import * as React from 'react';

import { useCommand } from './hooks';
import { Problem } from './problem';
import { useServices } from './services';
import { problemOf } from './words';

/** What can be done about a cell that runs on although it was interrupted. */
export function DeafCell(): JSX.Element {
  const { codeact, trans } = useServices();
  const { busy, problem, run } = useCommand(problemOf);
  return (
    <div className="jp-CodeAct-deafCell">
      <p>
        {trans.__(
          'It may be in code that never returns. You can wait, interrupt it again, or restart the kernel: all variables are lost then.'
        )}
      </p>
      <button
        type="button"
        className="jp-CodeAct-button"
        disabled={busy}
        onClick={() => void run(() => codeact.stop())}
      >
        {trans.__('Interrupt again')}
      </button>
      <button
        type="button"
        className="jp-CodeAct-button"
        disabled={busy}
        onClick={() => void run(() => codeact.restartKernel())}
      >
        {trans.__('Restart the kernel')}
      </button>
      <Problem text={problem} />
    </div>
  );
}
