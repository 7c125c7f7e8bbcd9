import {
  caretDownIcon,
  caretRightIcon,
  launchIcon
} from '@jupyterlab/ui-components';
import * as React from 'react';

import type { Cell } from '../events';
import { Approval } from './approval';
import { Code } from './code';
import { IconButton } from './iconButton';
import { ObservationView } from './observation';
import { Outputs } from './outputs';
import { useKept, useReading } from './reading';
import { useServices } from './services';
import { StatusIcon } from './statusIcon';
import { StepNotes } from './stepNotes';
import type { IStepView, StepStatus } from './views';
import { duration, failure } from './words';

interface IStepCardProps {
  view: IStepView;
  title: string;
  /** The title is all that the model said of it, and stands nowhere else. */
  whole: boolean;
  /** It failed, and what mends it follows. */
  fixed: boolean;
  status: StepStatus;
  language: string;
  trusted: boolean;
  onTrust: () => void;
}

/** The action of a step: its cell, whether proposed, running or done, with what came out. */
export function StepCard(props: IStepCardProps): JSX.Element {
  const { view, title, whole, status, fixed } = props;
  const { language, trusted, onTrust } = props;
  const { cell, facts } = view;
  const { trans } = useServices();
  const [open, setOpened] = useUnfolded(view.step, status);
  // The failure is the title's second line; its traceback belongs to the unfolded card once a fix follows.
  const folds = fixed && status === 'error' && !open;
  const source = sourceOf(view);
  return (
    <section
      className={`jp-CodeAct-card jp-mod-${status}`}
      aria-label={trans.__('Step %1: %2', view.step, title)}
    >
      <div className="jp-CodeAct-cardHeader">
        <StatusIcon status={status} />
        <button
          type="button"
          className="jp-CodeAct-cardTitle"
          aria-expanded={open}
          title={title}
          disabled={status === 'proposed'}
          onClick={() => setOpened(!open)}
        >
          <span className="jp-CodeAct-cardWords">
            <span className={whole ? 'jp-mod-whole' : undefined}>{title}</span>
            {cell && status === 'error' && <Failure cell={cell} />}
          </span>
        </button>
        <span className="jp-CodeAct-cardFacts">
          {cell && <CellFacts cell={cell} />}
          {cell && <GoToCell cellId={cell.cell_id} />}
          {status !== 'proposed' && (
            <IconButton
              icon={open ? caretDownIcon : caretRightIcon}
              title={open ? trans.__('Hide code') : trans.__('Show code')}
              expanded={open}
              onClick={() => setOpened(!open)}
            />
          )}
        </span>
      </div>
      {status === 'proposed' && facts?.proposal ? (
        <Approval
          step={view.step}
          proposal={facts.proposal}
          language={language}
        />
      ) : (
        open && <Code source={source} language={language} />
      )}
      {cell && !folds && (
        <Outputs cell={cell} trusted={trusted} onTrust={onTrust} />
      )}
      <StepNotes status={status} proposal={facts?.proposal} cell={cell} />
      {facts?.observation && !folds && (
        <ObservationView
          step={view.step}
          observation={facts.observation}
          cell={cell}
        />
      )}
    </section>
  );
}

/** The code of a step: as it ran, else as it was proposed, else as it is being written. */
export function sourceOf({ cell, facts, reply }: IStepView): string {
  return cell?.source ?? facts?.proposal?.source ?? reply.code ?? '';
}

/** Before these the code is what there is to read; later it folds. */
const UNSETTLED: ReadonlySet<StepStatus> = new Set<StepStatus>([
  'writing',
  'proposed',
  'starting',
  'running'
]);

/** Whether the code is shown: until it is done, unless the user chose, or is reading and it would move. */
function useUnfolded(
  step: number,
  status: StepStatus
): [boolean, (open: boolean) => void] {
  const reading = useReading();
  const [chosen, choose] = useKept<boolean | null>(`code ${step}`, null);
  const unsettled = UNSETTLED.has(status);
  const last = React.useRef({ unsettled, held: false });
  if (last.current.unsettled !== unsettled) {
    last.current = { unsettled, held: !unsettled && !reading.following() };
  }
  return [chosen ?? (unsettled || last.current.held), choose];
}

/** The failure in one line, as the kernel said it. */
function Failure(props: { cell: Cell }): JSX.Element | null {
  const { trans } = useServices();
  const error = props.cell.outputs.find(
    output => output.output_type === 'error'
  );
  if (!error) {
    return null;
  }
  const value = String(error.evalue ?? '');
  const name = String(error.ename ?? '');
  return (
    <span className="jp-CodeAct-failure">{failure(name, value, trans)}</span>
  );
}

function CellFacts(props: { cell: Cell }): JSX.Element {
  const { cell } = props;
  const { trans } = useServices();
  return (
    <>
      {cell.execution_count !== null && (
        <span
          className="jp-CodeAct-count"
          title={trans.__('Execution count in the notebook')}
        >
          [{cell.execution_count}]
        </span>
      )}
      {cell.status !== 'running' && (
        <span className="jp-CodeAct-seconds">
          {duration(cell.seconds, trans)}
        </span>
      )}
    </>
  );
}

function GoToCell(props: { cellId: string }): JSX.Element {
  const { codeact, trans } = useServices();
  const [gone, setGone] = React.useState(false);
  const title = gone
    ? trans.__('The cell is not in the notebook any more')
    : trans.__('Go to the cell');
  return (
    <IconButton
      icon={launchIcon}
      title={title}
      disabled={gone}
      onClick={() => {
        void codeact.goToCell(props.cellId).then(found => setGone(!found));
      }}
    />
  );
}
