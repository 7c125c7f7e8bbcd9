import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { IAttached } from './attached';
import { Drafts, unbegun } from './drafts';

export type PanelView = 'conversation' | 'history' | 'connect';

/** What the panel keeps while it is moved or hidden: which view is open, and what is being written. */
export class PanelState {
  constructor(private readonly drafts: Drafts = new Drafts()) {}

  get view(): PanelView {
    return this._view;
  }
  set view(view: PanelView) {
    if (view !== this._view) {
      this._view = view;
      this._changed.emit();
    }
  }

  /** What is being written in the conversation that is shown. */
  get draft(): string {
    return this.drafts.of(this._key).text;
  }
  set draft(text: string) {
    if (text !== this.draft) {
      this.drafts.set(this._key, { ...this.drafts.of(this._key), text });
      this._changed.emit();
    }
  }

  /** What will go with it. */
  get attached(): readonly IAttached[] {
    return this.drafts.of(this._key).attached;
  }
  set attached(attached: readonly IAttached[]) {
    this.drafts.set(this._key, { ...this.drafts.of(this._key), attached });
    this._changed.emit();
  }

  /** Fulfilled when what was chosen, pasted or dropped so far is in `attached`. */
  adding: Promise<unknown> = Promise.resolve();

  /** The message of that key is written; what was begun before its conversation, or before its notebook, goes along. */
  writeIn(key: string, notebook = ''): void {
    if (key !== this._key) {
      if ([unbegun(''), unbegun(notebook)].includes(this._key)) {
        this.drafts.move(this._key, key);
      }
      this._key = key;
      this._changed.emit();
    }
  }

  /** Whether the commands and keys of the message box are shown. */
  get help(): boolean {
    return this._help;
  }
  set help(help: boolean) {
    if (help !== this._help) {
      this._help = help;
      this._changed.emit();
    }
  }

  /** `text` stands in the composer, after what stands there, and the composer takes the focus. */
  compose(text: string): void {
    this.draft = this.draft.trim() ? `${this.draft}\n\n${text}` : text;
    this.focusComposer();
  }

  /** The composer takes the focus, now or as soon as it is there. */
  focusComposer(): void {
    this._view = 'conversation';
    this._wantsFocus = true;
    this._changed.emit();
  }

  /** Whether the composer should take the focus; asking answers the wish. */
  takeFocus(): boolean {
    const wanted = this._wantsFocus;
    this._wantsFocus = false;
    return wanted;
  }

  /** The step is to be shown, now or as soon as it is there. */
  showStep(step: number): void {
    this._view = 'conversation';
    this._wantedStep = step;
    this._changed.emit();
  }

  /** The step that is to be shown and is not yet, or null. */
  get wantedStep(): number | null {
    return this._wantedStep;
  }

  /** The wanted step is shown. */
  takeStep(): void {
    this._wantedStep = null;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  private _view: PanelView = 'conversation';
  private _key = '';
  private _help = false;
  private _wantsFocus = false;
  private _wantedStep: number | null = null;
  private _changed = new Signal<this, void>(this);
}
