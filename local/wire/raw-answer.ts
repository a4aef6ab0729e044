import type { WireResponse } from "./http.ts";

/** An answer of a REST operation whose body or headers are not simply its members. */
export class RawAnswer {
  readonly response: WireResponse;

  constructor(response: WireResponse) {
    this.response = response;
  }
}
