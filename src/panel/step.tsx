import * as React from 'react';

import { Prose } from './prose';
import { useServices } from './services';
import { StepCard } from './stepCard';
import type { IStepView } from './views';
import { visible } from './words';

interface IStepProps {
  view: IStepView;
  language: string;
  /** Whether outputs of cells that ran by themselves are trusted. */
  trusted: boolean;
  onTrust: () => void;
}

/** One reply of the model, and what followed. */
export const StepItem = React.memo(
  function StepItem(props: IStepProps): JSX.Element {
    const { view, language, trusted, onTrust } = props;
    const { trans } = useServices();
    const { reply, status, facts } = view;
    const grouped = view.fixing ? ` jp-mod-fixing jp-mod-${view.fixing}` : '';
    return (
      <div className={`jp-CodeAct-step${grouped}`}>
        {view.fixing === 'first' && (
          <div className="jp-CodeAct-groupTitle">
            {trans.__('Fixing an error')}
          </div>
        )}
        {view.reasoning && <Reasoning text={view.reasoning} />}
        <Prose text={reply.before} busy={facts === null} />
        {status && (
          <StepCard
            view={view}
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
  },
  (before, after) =>
    before.language === after.language &&
    before.trusted === after.trusted &&
    before.onTrust === after.onTrust &&
    before.view.fixing === after.view.fixing &&
    before.view.key === after.view.key &&
    before.view.stamp.length === after.view.stamp.length &&
    before.view.stamp.every((fact, index) => fact === after.view.stamp[index])
);

function Reasoning(props: { text: string }): JSX.Element {
  const { trans } = useServices();
  return (
    <details className="jp-CodeAct-reasoning">
      <summary>{trans.__('Reasoning')}</summary>
      <div>{visible(props.text)}</div>
    </details>
  );
}
