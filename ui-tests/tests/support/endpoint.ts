import type { APIRequestContext } from '@playwright/test';

/** One reply of the scripted model: its text, or what `jupyter_codeact/tests/replies.py` makes of an object. */
export type Reply = string | Record<string, unknown>;

interface IRequest {
  headers: Record<string, string>;
  body: { messages: { role: string; content: unknown }[] };
}

/** The model endpoint that runs beside JupyterLab and answers what a test scripts. */
export class Endpoint {
  constructor(private readonly api: APIRequestContext) {}

  /** What a client takes as base URL. */
  static get baseUrl(): string {
    return `${origin()}/v1`;
  }

  /** The next requests are answered by `replies`, in order; requests so far are forgotten. */
  async script(replies: Reply[], repeat = false): Promise<void> {
    const data = { replies, repeat };
    const answer = await this.api.put(`${origin()}/script`, { data });
    if (!answer.ok()) {
      throw new Error(await answer.text());
    }
  }

  async requests(): Promise<IRequest[]> {
    const answer = await this.api.get(`${origin()}/requests`);
    return (await answer.json()) as IRequest[];
  }

  /** The text of the last message of each request: what the model was told last. */
  async told(): Promise<string[]> {
    return (await this.requests()).map(({ body }) => {
      const content = body.messages[body.messages.length - 1].content;
      return typeof content === 'string' ? content : JSON.stringify(content);
    });
  }
}

/** A reply that runs `code`, after a sentence of prose. */
export function cell(
  code: string,
  prose = 'Next step.',
  language = 'python'
): string {
  return `${prose}\n\n\`\`\`${language}\n${code}\n\`\`\`\n`;
}

/** Set from what the endpoint printed when it started, see `playwright.config.js`. */
function origin(): string {
  return `http://127.0.0.1:${process.env.ENDPOINT_PORT}`;
}

/** Code that goes on once there is a file `name` beside the notebook. */
export function waitFor(name: string): string {
  return [
    'import os, time',
    `while not os.path.exists("${name}"):`,
    '    time.sleep(0.02)'
  ].join('\n');
}
