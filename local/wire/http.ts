/** An HTTP request as the services see it, whichever way it came: from a socket, or straight from an SDK client. */
export interface WireRequest {
  method: string;
  /** Path without the query string, percent-encoded as sent. */
  path: string;
  query: URLSearchParams;
  /** Header names in lower case. */
  headers: Record<string, string>;
  body: Uint8Array;
}

export interface WireResponse {
  status: number;
  headers: Record<string, string>;
  body: string | Uint8Array;
}
