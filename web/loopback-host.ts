/**
 * Whether a `Host` header names this machine itself. A page of the internet can make its own name point to this machine and
 * then read answers as its own (DNS rebinding), but the browser still sends that name.
 */
export function isLoopbackHost(host: string): boolean {
  return /^(localhost|127\.0\.0\.1|\[::1\])(:[0-9]+)?$/i.test(host);
}
