/** /dev/views: only where somebody hands over states to show, which the product never does. */
import { GALLERY_PATH, type GalleryState, galleryOf } from "../../views/gallery.tsx";
import { NotThere } from "../../views/page.tsx";
import { type Dashboard, htmlPage } from "./respond.ts";

export function galleryRoutes({ app, assets }: Dashboard, states: readonly GalleryState[]): void {
  const [first] = states;
  if (first === undefined) return;
  app.get(GALLERY_PATH, (c) => c.redirect(`${GALLERY_PATH}/${first.name}`, 302));
  app.get(`${GALLERY_PATH}/:state`, async (c) => {
    const name = c.req.param("state");
    const state = states.find((known) => known.name === name);
    if (state === undefined) {
      const names = states.map((known) => known.name).join(", ");
      throw new NotThere("No such state", `There are ${names}.`);
    }
    const { theme } = c.get("session").user;
    return htmlPage(c, await galleryOf({ assets: assets.urls, theme, states, state }));
  });
}
