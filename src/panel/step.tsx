import * as React from 'react';

import { Fold } from './fold';
import { Prose } from './prose';
import { useServices } from './services';
import { StepCard } from './stepCard';
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
      <Prose text={reply.before} busy={facts === null} />
      {status && (
        <StepCard
          view={view}
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
