import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

export type PanelView = 'conversation' | 'history' | 'connect';

/** What the panel keeps while it is moved or hidden: which view is open, and what is being written. */
export class PanelState {
  get view(): PanelView {
    return this._view;
  }
  set view(view: PanelView) {
    if (view !== this._view) {
      this._view = view;
      this._changed.emit();
    }
  }

  get draft(): string {
    return this._draft;
  }
  set draft(draft: string) {
    if (draft !== this._draft) {
      this._draft = draft;
      this._changed.emit();
    }
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
  private _draft = '';
  private _wantsFocus = false;
  private _wantedStep: number | null = null;
  private _changed = new Signal<this, void>(this);
}
