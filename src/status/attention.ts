import type { TranslationBundle } from '@jupyterlab/translation';

import { visible } from '../panel/words';
import type {
  IConversationModel,
  IConversations,
  IPreferences
} from '../tokens';
import type { Standing } from './standing';
import { standingOf } from './standing';

/** What stands before the page's title while the page is hidden; nothing where no run was live. */
const MARKS: { [standing in Standing | 'over']: string } = {
  idle: '',
  running: '\u25b6 ',
  waiting: '\u2753 ',
  over: '\u2713 '
};

/** What `Notification` of the browser is needed for. */
export interface INotifier {
  show(title: string, body: string): void;
}

/** Who looks elsewhere is told: by the page's title, and by a notification where that is wanted. */
export class Attention {
  constructor(
    conversations: IConversations,
    private readonly preferences: IPreferences,
    private readonly notifier: INotifier,
    private readonly trans: TranslationBundle
  ) {
    conversations.followed.forEach(model => this.watch(model));
    conversations.opened.connect((_, model) => this.watch(model), this);
    document.addEventListener('visibilitychange', () => this.mark());
  }

  private watch(model: IConversationModel): void {
    this._standings.set(model.id, standingOf(model));
    model.liveChanged.connect(this.look, this);
    model.stateChanged.connect(this.look, this);
  }

  private look(model: IConversationModel): void {
    const before = this._standings.get(model.id);
    const now = standingOf(model);
    if (before === now) {
      return;
    }
    this._standings.set(model.id, now);
    if (document.hidden) {
      this._over = this._over || now === 'idle';
      if (now !== 'running' && this.preferences.isOn('notify')) {
        this.notify(model, now);
      }
    }
    this.mark();
  }

  private notify(model: IConversationModel, now: Standing): void {
    const { trans } = this;
    this.notifier.show(
      now === 'waiting'
        ? trans.__('CodeAct waits for your approval')
        : trans.__('CodeAct has finished'),
      visible(model.state.title)
    );
  }

  /** The title has the mark that it should have now. */
  private mark(): void {
    const all = [...this._standings.values()];
    this._over = this._over && document.hidden;
    const wanted = !document.hidden
      ? 'idle'
      : all.includes('waiting')
        ? 'waiting'
        : all.includes('running')
          ? 'running'
          : this._over
            ? 'over'
            : 'idle';
    const own = Object.values(MARKS).find(
      mark => mark && document.title.startsWith(mark)
    );
    const bare = document.title.slice(own?.length ?? 0);
    const title = MARKS[wanted] + bare;
    if (title !== document.title) {
      document.title = title;
    }
  }

  private readonly _standings = new Map<string, Standing>();
  /** A run ended while nobody looked. */
  private _over = false;
}

/** Asks the user once, when notifications were just switched on; the browser keeps the answer. */
export function askWhenSwitchedOn(
  preferences: IPreferences,
  request: () => Promise<unknown>
): void {
  let known: boolean | null = null; // null: the settings are not loaded yet
  preferences.changed.connect(() => {
    const now = preferences.isOn('notify');
    if (known === false && now) {
      void request();
    }
    known = now;
  });
}
