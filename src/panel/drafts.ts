import type { Attachment } from '../events';
import type { ICodeAct } from '../tokens';
import type { IAttached } from './attached';

/** A message that is being written. */
export interface IDraft {
  readonly text: string;
  readonly attached: readonly IAttached[];
}

/** What keeps drafts when the page is loaded again: the browser's storage. */
export type DraftStore = Pick<
  Storage,
  'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'
>;

const EMPTY: IDraft = { text: '', attached: [] };
/** Drafts that are kept; older ones go. */
const MOST = 30;
/** Characters of a draft that are kept with what is attached to it. */
const LONGEST = 500_000;

/**
 * The messages that are being written, one a conversation.
 *
 * They are kept in the browser at once, since a page may be gone without a word. What cannot be kept there (a large
 * image, a full storage) lasts as long as the page.
 */
export class Drafts {
  /**
   * @param store Null keeps nothing.
   * @param prefix Tells servers apart that the browser takes for one.
   * @param lost Says of something attached that it was too large to be kept.
   */
  constructor(
    private readonly store: DraftStore | null = null,
    prefix = '',
    private readonly lost: (attachment: Attachment) => string = () => '-'
  ) {
    this._prefix = `jupyter_codeact:draft:${prefix}:`;
  }

  of(key: string): IDraft {
    let draft = this._drafts.get(key);
    if (!draft) {
      draft = this.stored(key);
      this._drafts.set(key, draft);
    }
    return draft;
  }

  set(key: string, draft: IDraft): void {
    this._drafts.set(key, draft);
    const name = this._prefix + key;
    if (isEmpty(draft) || !this.keep(name, this.lasting(draft, LONGEST))) {
      this.forget(name);
    }
  }

  /** Whether it is kept. */
  private keep(name: string, draft: IDraft): boolean {
    try {
      const value = JSON.stringify({ at: Date.now(), ...draft });
      this.store?.setItem(name, value);
      this.forgetOldest();
      return true;
    } catch {
      return false; // full, or not allowed
    }
  }

  private forget(name: string): void {
    try {
      this.store?.removeItem(name);
    } catch {
      // Not allowed: then nothing was kept, either.
    }
  }

  /** The draft, with words in the place of what is attached and too large to be kept. */
  private lasting({ text, attached }: IDraft, chars: number): IDraft {
    let left = chars - text.length;
    const kept = attached.map(item => {
      const { attachment } = item;
      const size = attachment.data.length + attachment.text.length;
      if (size <= left) {
        left -= size;
        return item;
      }
      return {
        ...item,
        attachment: { ...attachment, data: '', text: '' },
        problem: this.lost(attachment)
      };
    });
    return { text: text.slice(0, chars), attached: kept };
  }

  /** What is written at `from` goes along to `to`, unless something stands there. */
  move(from: string, to: string): void {
    const draft = this.of(from);
    if (!isEmpty(draft) && isEmpty(this.of(to))) {
      this.set(to, draft);
      this.set(from, EMPTY);
    }
  }

  private stored(key: string): IDraft {
    try {
      const found = JSON.parse(this.store?.getItem(this._prefix + key) ?? '{}');
      const { text, attached } = found as Partial<IDraft>;
      return {
        text: typeof text === 'string' ? text : '',
        attached: Array.isArray(attached) ? attached : []
      };
    } catch {
      return EMPTY;
    }
  }

  private forgetOldest(): void {
    const { store } = this;
    const kept: { name: string; at: number }[] = [];
    for (let index = 0; store && index < store.length; index++) {
      const name = store.key(index) ?? '';
      if (name.startsWith(this._prefix)) {
        const at = /"at":(\d+)/.exec(store.getItem(name)?.slice(0, 40) ?? '');
        kept.push({ name, at: Number(at?.[1] ?? 0) });
      }
    }
    kept.sort((a, b) => b.at - a.at);
    kept.slice(MOST).forEach(({ name }) => store?.removeItem(name));
  }

  private readonly _prefix: string;
  private readonly _drafts = new Map<string, IDraft>();
}

/** What the draft of the conversation that is shown is kept under; before it begins, that of its notebook. */
export function draftKey({ binding, current }: ICodeAct): string {
  return current?.id ?? unbegun(binding?.path ?? '');
}

/** What the draft of a conversation that has not begun is kept under. */
export function unbegun(path: string): string {
  return `new:${path}`;
}

function isEmpty({ text, attached }: IDraft): boolean {
  return text === '' && attached.length === 0;
}
