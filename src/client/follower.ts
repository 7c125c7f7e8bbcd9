import type { IDisposable } from '@lumino/disposable';

import type { Event, Notice } from '../events';
import type { Api } from './api';
import { RequestError } from './request';

const FIRST_DELAY = 500; // ms
const LAST_DELAY = 10000;

/** What a follower hands on. */
export interface IFollowing {
  readonly id: string;
  /** The number of the last event that was taken in. */
  readonly seq: number;
  /** Takes in the event that follows `seq`. */
  onEvent(event: Event): void;
  onNotice(notice: Notice): void;
  /** The websocket opened or closed. */
  onConnected(connected: boolean): void;
  /** The server does not know the user any more; connecting is tried on. */
  onLoggedOut(): void;
}

/**
 * Hands on every event of a conversation once and in order, and its notices, until it is disposed.
 * A lost connection is made again after 0.5 to 10 s, and resumed after the last event that was taken in.
 */
export class Follower implements IDisposable {
  constructor(
    private readonly api: Api,
    private readonly client: string,
    private readonly following: IFollowing
  ) {
    this.connect();
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    window.clearTimeout(this._timer);
    this.drop();
  }

  private connect(): void {
    const { id, seq } = this.following;
    const socket = new this.api.settings.WebSocket(
      this.api.followUrl(id, seq, this.client)
    );
    let opened = false;
    socket.onopen = () => {
      opened = true;
      this.following.onConnected(true);
    };
    socket.onmessage = message => this.receive(String(message.data));
    socket.onclose = () => {
      this.lose();
      if (!opened) {
        void this.askWhy();
      }
    };
    this._socket = socket;
  }

  private receive(data: string): void {
    this._attempts = 0;
    const frame = JSON.parse(data) as Event | Notice;
    if (!('seq' in frame)) {
      this.following.onNotice(frame);
    } else if (frame.seq === this.following.seq + 1) {
      this.following.onEvent(frame);
    } else if (frame.seq > this.following.seq) {
      this.lose(); // a gap: connecting again reads what is missing
    }
  }

  /** The connection is given up, and made again later. */
  private lose(): void {
    this.drop();
    this.following.onConnected(false);
    this._timer = window.setTimeout(() => this.connect(), this.delay());
  }

  /** A websocket that is refused does not say why; the answer to a request does. */
  private async askWhy(): Promise<void> {
    try {
      await this.api.status();
    } catch (error) {
      if (!this._isDisposed && isLoggedOut(error)) {
        this.following.onLoggedOut();
      }
    }
  }

  private drop(): void {
    const socket = this._socket;
    if (socket) {
      this._socket = null;
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
  }

  /** Doubles with every attempt in vain; the jitter keeps pages from returning all at once. */
  private delay(): number {
    const longest = Math.min(LAST_DELAY, FIRST_DELAY * 2 ** this._attempts++);
    return Math.max(FIRST_DELAY, longest * (0.5 + Math.random() / 2));
  }

  private _socket: WebSocket | null = null;
  private _timer = 0;
  private _attempts = 0;
  private _isDisposed = false;
}

function isLoggedOut(error: unknown): boolean {
  return (
    error instanceof RequestError &&
    (error.status === 401 || error.status === 403)
  );
}
