import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import { useChanges } from '../panel/hooks';
import type { ICodeAct } from '../tokens';
import { standingOf, standingWords } from './standing';

interface IStatusProps {
  codeact: ICodeAct;
  trans: TranslationBundle;
  /** The user wants to see the panel. */
  onOpen: () => void;
}

/** In the status bar: whether the run goes on or waits, and a way to the panel. */
export class StatusItem extends ReactWidget {
  constructor(private readonly options: IStatusProps) {
    super();
    this.addClass('jp-CodeAct-statusItem');
  }

  protected override render(): JSX.Element {
    return <Status {...this.options} />;
  }
}

function Status({ codeact, trans, onOpen }: IStatusProps): JSX.Element {
  useChanges(codeact.currentChanged);
  const model = codeact.current;
  useChanges(model?.stateChanged);
  useChanges(model?.liveChanged);
  return (
    <button
      type="button"
      className={`jp-CodeAct-standing jp-mod-${standingOf(model)}`}
      title={trans.__('Open CodeAct')}
      onClick={onOpen}
    >
      {standingWords(model, trans)}
    </button>
  );
}
