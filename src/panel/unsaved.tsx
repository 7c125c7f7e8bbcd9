import * as React from 'react';

import type { IConversationModel } from '../tokens';
import { useChanges } from './hooks';
import { useServices } from './services';
import { visible } from './words';

/** That what was said and done lately is in the server's memory only, as long as it is. */
export function Unsaved(props: {
  model: IConversationModel;
}): JSX.Element | null {
  const { model } = props;
  const { trans } = useServices();
  useChanges(model.liveChanged);
  return model.unsaved === '' ? null : (
    <p className="jp-CodeAct-problem" role="alert">
      <strong>{trans.__('Not saved')}</strong>: {visible(model.unsaved)}
    </p>
  );
}
