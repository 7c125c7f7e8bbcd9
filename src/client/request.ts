import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

/** Where the server extension answers, below the server's base URL. */
export const NAMESPACE = 'jupyter-codeact';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The server answered with an error; `message` is in words for the user. */
export class RequestError extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly reason: string
  ) {
    super(message);
    this.name = 'RequestError';
  }
}

/**
 * The JSON that the server extension answers; undefined where the answer has no body.
 *
 * @param settings Where the server is, and how it knows the user.
 * @param path Below the extension's namespace, encoded already.
 * @param method The HTTP method.
 * @param body What is sent as JSON.
 *
 * Rejects with a `RequestError`, or with `ServerConnection.NetworkError` when there is no answer.
 */
export async function request<T>(
  settings: ServerConnection.ISettings,
  path: string,
  method: Method = 'GET',
  body?: object
): Promise<T> {
  const response = await respond(settings, path, method, body);
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as T;
}

/** What the server extension answers, which is no error; rejects as `request`. */
export async function respond(
  settings: ServerConnection.ISettings,
  path: string,
  method: Method = 'GET',
  body?: object
): Promise<Response> {
  const response = await ServerConnection.makeRequest(
    URLExt.join(settings.baseUrl, NAMESPACE) + '/' + path,
    { method, body: body && JSON.stringify(body) },
    settings
  );
  if (!response.ok) {
    throw errorOf(response, await response.text());
  }
  return response;
}

function errorOf(response: Response, text: string): RequestError {
  const { message, reason } = detailOf(text);
  return new RequestError(
    message || `${response.status} ${response.statusText}`.trim(),
    response.status,
    reason
  );
}

/** Message and reason of an error's body; empty where it has none, as a proxy's page. */
function detailOf(text: string): { message: string; reason: string } {
  try {
    const { message, reason } = JSON.parse(text);
    return { message: String(message ?? ''), reason: String(reason ?? '') };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) {
      return { message: '', reason: '' };
    }
    throw error;
  }
}
