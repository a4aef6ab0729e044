/** Where the console begins; all its pages are below. */
export const consolePath = "/console";

export const loginPath = `${consolePath}/login`;
export const callbackPath = `${consolePath}/callback`;
export const logoutPath = `${consolePath}/logout`;

/** Where somebody signs in and then comes back to a page of the console. */
export function loginPathFor(returnTo: string): string {
  return `${loginPath}?${new URLSearchParams({ return: returnTo }).toString()}`;
}

/**
 * Where a browser goes after it has signed in: what it asked for, where that is a page of the console, and else the first page.
 * Anybody can write what it asked for into a link, so nothing leads out of the console.
 */
export function returnPath(asked: string | undefined): string {
  const base = "https://console.invalid";
  const url = asked?.startsWith("/") === true ? URL.parse(asked, base) : null;
  if (url === null || url.origin !== base) return consolePath;
  const { pathname, search } = url;
  const isPage =
    (pathname === consolePath || pathname.startsWith(`${consolePath}/`)) &&
    ![loginPath, callbackPath, logoutPath].includes(pathname) &&
    !pathname.includes("//");
  return isPage ? `${pathname}${search}` : consolePath;
}
