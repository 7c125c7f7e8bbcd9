import type { TranslationBundle } from '@jupyterlab/translation';

import { openRun } from '../client/fold';
import { isLive } from '../client/conversations';
import type { IConversationModel } from '../tokens';

/** What a conversation does, as far as somebody who looks elsewhere wants to know. */
export type Standing = 'idle' | 'running' | 'waiting';

export function standingOf(model: IConversationModel | null): Standing {
  if (!isLive(model)) {
    return 'idle';
  }
  return model?.activity?.state === 'waiting_for_approval'
    ? 'waiting'
    : 'running';
}

/** The same in words. */
export function standingWords(
  model: IConversationModel | null,
  trans: TranslationBundle
): string {
  switch (standingOf(model)) {
    case 'idle':
      return trans.__('CodeAct: idle');
    case 'waiting':
      return trans.__('CodeAct: waiting for you');
    case 'running': {
      const run = model && openRun(model.state);
      const asks = model?.activity?.state === 'waiting_for_model' ? 1 : 0;
      return trans.__(
        'CodeAct: running step %1',
        Math.max(1, (run?.steps_taken ?? 0) + asks)
      );
    }
  }
}
