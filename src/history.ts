import type { ExportFormat, ISummary } from './tokens';

/** The conversations of earlier, kept on the server. Commands reject with an `Error` in words. */
export interface IHistory {
  /**
   * The latest first.
   *
   * @param all Those about every notebook, or only about the one that is bound.
   * @param search Words that must all stand in the title or in what was said; empty: any.
   */
  list(all: boolean, search: string): Promise<ISummary[]>;
  rename(conversationId: string, title: string): Promise<void>;
  /** It is in no list any more; the server keeps it for a while. */
  remove(conversationId: string): Promise<void>;
  /** What was removed is there again, as it was. */
  restore(conversationId: string): Promise<void>;
  /** Shows a new conversation that goes on before message `seq` of the other one. */
  branch(conversationId: string, seq: number): Promise<void>;
  /** The browser saves the conversation as a file. */
  download(conversationId: string, format: ExportFormat): Promise<void>;
}
