import type { Hono } from "hono";
import { ActNotPossibleError } from "../../functions/errors.ts";
import { roleMay } from "../../functions/lifecycle/console-role.ts";
import { showPage } from "../page.tsx";
import { ActPage, NotDonePage } from "./act-page.tsx";
import { actIn, confirmationOf, pageAfter } from "./acts.ts";
import type { ConsoleParts } from "./console-parts.ts";
import type { BehindDoor } from "./console-door.tsx";
import { consolePath } from "./console-paths.ts";
import { rememberDone } from "./done-cookie.ts";
import { showNotAllowed, showNothing } from "./error-pages.tsx";
import { actsPath } from "./page-paths.ts";

/** What operators do: an address asks, a form does. The form's own id makes it one act, however often it is sent. */
export function addActs(app: Hono<BehindDoor>, { sources, act, newId, bare }: ConsoleParts): void {
  app.get(`${actsPath}/:act`, async (context) => {
    const visit = bare(context);
    const { path } = context.req;
    if (!roleMay(visit.identity.role, { method: "POST", path })) return showNotAllowed(context, visit);
    const asked = actIn(context.req.param("act"), { ...context.req.query(), actId: newId() });
    const confirmation = asked && (await confirmationOf(asked, sources));
    if (asked === undefined || confirmation === undefined) return showNothing(context, visit, "act");
    return showPage(context, <ActPage act={asked} confirmation={confirmation} visit={visit} />);
  });

  app.post(`${actsPath}/:act`, async (context) => {
    const visit = bare(context);
    const asked = actIn(context.req.param("act"), await context.req.parseBody());
    if (asked === undefined) return showNothing(context, visit, "act");
    try {
      const outcome = await act(asked, visit.identity);
      rememberDone(context, {
        act: asked.act,
        ...(outcome.approverIds && { reminded: outcome.approverIds.length }),
      });
      return context.redirect(pageAfter(asked, outcome), 303);
    } catch (error) {
      if (!(error instanceof ActNotPossibleError)) throw error;
      const back = (await confirmationOf(asked, sources))?.back ?? consolePath;
      return showPage(context, <NotDonePage why={error.message} back={back} visit={visit} />, 409);
    }
  });
}
