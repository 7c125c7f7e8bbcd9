import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Limits } from '../events';
import type { IConversationModel } from '../tokens';
import { useCommand, useReadOut } from './hooks';
import { Problem } from './problem';
import { Prose } from './prose';
import { factWords } from './runFacts';
import { useServices } from './services';
import type { IEndView } from './views';
import { problemOf, visible } from './words';

/** How many steps "continue" grants where the status does not say. */
const MORE_STEPS = 25;

/** How a run ended, and what can be done about it. */
export function RunEnd(props: {
  view: IEndView;
  model: IConversationModel;
}): JSX.Element {
  const { reason, run, latest, answer } = props.view;
  const { codeact, trans } = useServices();
  const { model } = props;
  const readOnly = useReadOut(model.liveChanged, () => model.readOnly !== '');
  const { busy, problem, run: attempt } = useCommand(problemOf);
  const facts = factWords(props.view.facts, trans);
  if (reason === 'answered') {
    return (
      <>
        <Prose text={answer} />
        <Facts words={facts} />
      </>
    );
  }
  const steps = codeact.status?.limits.steps ?? MORE_STEPS;
  return (
    <>
      <div className={`jp-CodeAct-end jp-mod-${reason}`}>
        <span>
          {reason === 'cut' && readOnly
            ? trans.__('How this run ended is not known here.')
            : wordsFor(reason, visible(run.detail), run.limits, trans)}
        </span>
        {latest && reason !== 'stopped' && !readOnly && (
          <button
            type="button"
            className="jp-CodeAct-button"
            disabled={busy}
            onClick={() => void attempt(() => codeact.continue(steps))}
          >
            {reason === 'failed'
              ? trans.__('Try again')
              : trans.__('Continue (%1 more steps)', steps)}
          </button>
        )}
        <Problem text={problem} />
      </div>
      <Facts words={facts} />
    </>
  );
}

/** What the run did and took, in one quiet line. */
function Facts(props: { words: string }): JSX.Element | null {
  return props.words ? (
    <div className="jp-CodeAct-runFacts">{props.words}</div>
  ) : null;
}

/** What a branch says of the run that was at work where it begins. */
const BRANCHED = 'Branched here.';

function wordsFor(
  reason: Exclude<IEndView['reason'], 'answered'>,
  detail: string,
  limits: Limits,
  trans: TranslationBundle
): string {
  switch (reason) {
    case 'stopped':
      return detail === BRANCHED
        ? trans.__('Branched here.')
        : trans.__('Stopped by you.');
    case 'limit':
      return (
        detail || trans.__('The limit of %1 steps was reached.', limits.steps)
      );
    case 'failed':
      return detail || trans.__('The run failed.');
    case 'cut':
      return trans.__('The run was interrupted: the server stopped.');
  }
}
