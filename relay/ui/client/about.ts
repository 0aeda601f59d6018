// Which relay this is. Asked first, because its answer tells whether a key is wanted.
import type { AboutView } from "../../api/about-view.ts";
import { type Ask, ask } from "./ask.ts";

export const getAbout = (trial: Pick<Ask, "key"> = {}) => ask<AboutView>("GET", "/v1/about", trial);
