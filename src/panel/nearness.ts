import type { IDisposable } from '@lumino/disposable';
import { DisposableDelegate } from '@lumino/disposable';

/** How far beyond the visible part of the scroller, in its own heights, is still near. */
const MARGIN = '150%';

type Told = (entry: IntersectionObserverEntry) => void;

/** Tells elements inside a scroller when they come near its visible part, and when they leave. */
export class Nearness implements IDisposable {
  constructor(scroller: Element) {
    this._observer = new IntersectionObserver(
      entries => {
        for (const entry of entries) {
          // A panel that is hidden has no size, and nothing in it has come or gone.
          if (entry.boundingClientRect.width > 0) {
            this._told.get(entry.target)?.(entry);
          }
        }
      },
      { root: scroller, rootMargin: `${MARGIN} 0px` }
    );
  }

  /** `told` hears of `node` once it is known where it stands, and whenever it comes near or leaves. */
  watch(node: Element, told: Told): IDisposable {
    this._told.set(node, told);
    this._observer.observe(node);
    return new DisposableDelegate(() => {
      this._told.delete(node);
      this._observer.unobserve(node);
    });
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    this._observer.disconnect();
    this._told.clear();
  }

  private readonly _observer: IntersectionObserver;
  private readonly _told = new Map<Element, Told>();
  private _isDisposed = false;
}
