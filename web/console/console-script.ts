import { createHash } from "node:crypto";
import { consolePath } from "./console-paths.ts";

export const scriptPath = `${consolePath}/script.js`;
export const eventsPath = `${consolePath}/events`;

/**
 * All that the console does in the browser: it shows a page anew once something has happened, and asks for confirmation above
 * the page instead of on one of its own. Without it, both work by loading pages.
 */
export const script = `"use strict";
(() => {
  const main = document.getElementById("main");
  const dialog = document.getElementById("dialog");
  const announcement = document.getElementById("announcement");
  if (!main || !dialog || !announcement) return;

  /** The page at an address, as a document; nothing where there is none. Who is not signed in any more goes there anew. */
  const pageAt = async (url) => {
    const answer = await fetch(url, { headers: { Accept: "text/html" }, cache: "no-store" });
    const isElsewhere = new URL(answer.url).pathname !== new URL(url, location.href).pathname;
    if (isElsewhere || answer.status === 401 || answer.status === 403) {
      location.assign(url);
      return undefined;
    }
    return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : undefined;
  };

  const keyOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node.id || node.dataset.key || "" : "");

  /** Makes one element like another and keeps what is the same: so focus, scrolling and what is being typed stay. */
  const follow = (shown, wanted) => {
    for (const { name } of [...shown.attributes]) {
      if (name !== "open" && !wanted.hasAttribute(name)) shown.removeAttribute(name);
    }
    for (const { name, value } of [...wanted.attributes]) {
      if (name !== "open" && shown.getAttribute(name) !== value) shown.setAttribute(name, value);
    }
    const keyed = new Map([...shown.childNodes].filter(keyOf).map((node) => [keyOf(node), node]));
    let place = shown.firstChild;
    for (const child of [...wanted.childNodes]) {
      const key = keyOf(child);
      const same = key ? keyed.get(key) : place && !keyOf(place) ? place : undefined;
      if (!same || same.nodeName !== child.nodeName) {
        shown.insertBefore(child, place);
        continue;
      }
      if (same === place) place = place.nextSibling;
      else shown.insertBefore(same, place);
      if (same.nodeType === Node.ELEMENT_NODE) follow(same, child);
      else if (same.nodeValue !== child.nodeValue) same.nodeValue = child.nodeValue;
    }
    while (place) {
      const rest = place.nextSibling;
      place.remove();
      place = rest;
    }
  };

  let isRefreshing = false;
  let isStale = false;

  /** Shows the page as it is now. */
  const refresh = async (isNews) => {
    if (isRefreshing) {
      isStale = true;
      return;
    }
    isRefreshing = true;
    try {
      const page = await pageAt(location.href);
      const wanted = page && page.getElementById("main");
      if (!wanted) return;
      const focused = document.activeElement;
      const before = main.textContent;
      follow(main, wanted);
      if (focused && focused !== document.activeElement && focused.isConnected) {
        focused.focus({ preventScroll: true });
      }
      if (isNews && main.textContent !== before) {
        announcement.textContent = "The page was updated at " + new Date().toLocaleTimeString() + ".";
      }
    } catch {
      // Offline, or the server restarts: the next event or minute tries again.
    } finally {
      isRefreshing = false;
      schedule();
      if (isStale) {
        isStale = false;
        refresh(isNews);
      }
    }
  };

  let timer;

  /** Ages and times left change without any event. */
  const schedule = () => {
    clearTimeout(timer);
    if (document.hidden || !main.dataset.seen) return;
    timer = setTimeout(() => refresh(false), Number(main.dataset.refreshSeconds || 60) * 1000);
  };

  let events;

  const listen = () => {
    if (document.hidden || !main.dataset.seen) {
      events?.close();
      events = undefined;
      clearTimeout(timer);
      return;
    }
    if (events) return;
    events = new EventSource("${eventsPath}?" + new URLSearchParams({ seen: main.dataset.seen }));
    events.addEventListener("changed", () => refresh(true));
    schedule();
  };

  /** The part of the page that the address names. Addresses that somebody typed can be such that nothing decodes them. */
  const named = () => {
    try {
      return document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch {
      return null;
    }
  };

  /** What a link of the page leads to is opened, too. */
  const unfold = () => {
    const folded = named()?.closest("details");
    if (folded) folded.open = true;
  };
  addEventListener("hashchange", unfold);
  unfold();

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) refresh(true);
    listen();
  });
  listen();

  document.addEventListener("click", async (event) => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest("a");
    if (!link) return;
    if ("cancel" in link.dataset && dialog.open) {
      event.preventDefault();
      dialog.close();
    } else if ("confirm" in link.dataset) {
      event.preventDefault();
      let form;
      try {
        form = (await pageAt(link.href))?.getElementById("confirmation");
      } catch {
        form = undefined;
      }
      if (!form) {
        location.assign(link.href);
        return;
      }
      dialog.replaceChildren(form);
      dialog.showModal();
      dialog.querySelector("[data-cancel]").focus();
    }
  });

  /** Goes on with what takes several requests, as long as there is a link to the next one. */
  const goOn = async () => {
    for (;;) {
      const link = main.querySelector("a[data-continue]");
      if (!link) return;
      await new Promise((go) => setTimeout(go, Number(link.dataset.continueAfter || 0)));
      const page = await pageAt(link.href);
      const wanted = page && page.getElementById("main");
      if (!wanted) return;
      follow(main, wanted);
      announcement.textContent = main.querySelector(".notice h2")?.textContent || "";
    }
  };
  goOn().catch(() => undefined);
})();
`;

/** Address of the script: another one for every other script, so that a browser's copy is never older than the page. */
export const scriptUrl = `${scriptPath}?v=${createHash("sha256").update(script).digest("hex").slice(0, 12)}`;
