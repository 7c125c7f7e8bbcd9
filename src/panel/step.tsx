import * as React from 'react';

import { Fold } from './fold';
import { Prose } from './prose';
import { useServices } from './services';
import { sourceOf, StepCard } from './stepCard';
import { saysAll, titleOf } from './titles';
import type { IStepView } from './views';
import { visible } from './words';

interface IStepProps {
  view: IStepView;
  fixing: IStepView['fixing'];
  language: string;
  /** Whether outputs of cells that ran by themselves are trusted. */
  trusted: boolean;
  onTrust: () => void;
}

/** One reply of the model, and what followed. */
export const StepItem = React.memo(function StepItem(
  props: IStepProps
): JSX.Element {
  const { view, fixing, language, trusted, onTrust } = props;
  const { trans } = useServices();
  const { reply, status, facts } = view;
  const grouped = fixing ? ` jp-mod-fixing jp-mod-${fixing}` : '';
  const title = titleOf(sourceOf(view), reply.before);
  const entitles = isEntitled(view) && saysAll(title, reply.before);
  return (
    <div className={`jp-CodeAct-step${grouped}`}>
      {fixing === 'first' && (
        <div className="jp-CodeAct-groupTitle">
          {trans.__('Fixing an error')}
        </div>
      )}
      {view.reasoning && (
        <Fold
          name={`reasoning ${view.step}`}
          className="jp-CodeAct-reasoning"
          label={trans.__('Reasoning')}
        >
          <div>{visible(view.reasoning)}</div>
        </Fold>
      )}
      {!entitles && <Prose text={reply.before} busy={facts === null} />}
      {status && (
        <StepCard
          view={view}
          title={title || trans.__('Code')}
          whole={entitles}
          fixed={fixing === 'first' || fixing === 'inside'}
          status={status}
          language={language}
          trusted={trusted || view.cell?.approved === true}
          onTrust={onTrust}
        />
      )}
      <Prose text={reply.after} busy={facts === null} />
      {facts?.problem && (
        <p className="jp-CodeAct-note">
          {trans.__('Asked again: %1', visible(facts.problem))}
        </p>
      )}
      {facts?.nudge && (
        <p className="jp-CodeAct-note">
          {trans.__('The model was told: %1', visible(facts.nudge))}
        </p>
      )}
    </div>
  );
});

/** Whether its card has the title that it keeps: what is being written may begin with a comment yet. */
function isEntitled({ reply, status }: IStepView): boolean {
  return status === 'writing'
    ? /\S.*\n/.test(reply.code ?? '')
    : status !== null;
}
