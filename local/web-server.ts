import { createAdaptorServer } from "@hono/node-server";
import { PortInUseError } from "./endpoint/http-server.ts";

/** A web application, as Hono and the platform have it. */
export interface WebApplication {
  fetch(request: Request): Response | Promise<Response>;
}

export interface WebServer {
  /** For example `http://127.0.0.1:4567`. */
  url: string;
  close(): Promise<void>;
}

/**
 * Serves a web application on loopback.
 *
 * @throws {PortInUseError} the port is taken.
 */
export async function startWebServer(application: WebApplication, port: number): Promise<WebServer> {
  const server = createAdaptorServer({ fetch: (request) => application.fetch(request) });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "EADDRINUSE"
          ? new PortInUseError(
              `Port ${port} is in use. Choose another one with --web-port, or 0 for any free one.`,
            )
          : error,
      ),
    );
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  const boundPort = typeof address === "object" && address !== null ? address.port : port;
  return { url: `http://127.0.0.1:${boundPort}`, close: () => closeServer(server) };
}

function closeServer(server: ReturnType<typeof createAdaptorServer>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    if ("closeAllConnections" in server) server.closeAllConnections();
  });
}

/**
 * Joins the pages of all Regions: those of the home Region at the root, of another below its name.
 *
 * @param regionOf - Whether the first part of a path is a Region that has pages, and which.
 */
export function byRegion(
  home: WebApplication,
  pagesOf: (region: string) => WebApplication | undefined,
): WebApplication {
  return {
    fetch(request) {
      const url = new URL(request.url);
      const [, first = "", ...rest] = url.pathname.split("/");
      const pages = pagesOf(first);
      if (pages === undefined) return home.fetch(request);
      url.pathname = `/${rest.join("/")}`;
      return pages.fetch(new Request(url, request));
    },
  };
}
