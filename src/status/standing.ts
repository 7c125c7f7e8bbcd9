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

/** Of all conversations the one that the user is needed for most: one that waits, else one that runs, else none. */
export function foremost(
  models: readonly IConversationModel[]
): IConversationModel | null {
  const first = (wanted: Standing) =>
    models.find(each => standingOf(each) === wanted);
  return first('waiting') ?? first('running') ?? null;
}

/** What all conversations together do, in words. */
export function standingWords(
  models: readonly IConversationModel[],
  trans: TranslationBundle
): string {
  const live = models.filter(isLive);
  if (live.length < 2) {
    return wordsFor(live[0] ?? null, trans);
  }
  const waiting = live.filter(each => standingOf(each) === 'waiting').length;
  return waiting
    ? trans.__('CodeAct: %1 runs, %2 waiting for you', live.length, waiting)
    : trans.__('CodeAct: %1 runs', live.length);
}

function wordsFor(
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
