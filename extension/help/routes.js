// The ways to help in a country, from routes.json. Chooses and orders; the numbers and their sources are data.
import "../platform/browser.js";

const { api } = nightlight.browser;

/** @typedef {{kind: HelpLine["kind"], number: string, name: string | null, language?: string}} Route */
/** @typedef {{countries: Record<string, Route[]>, country_of_language: Record<string, string>}} Routes */

/** @type {Promise<Routes> | null} */
let loading = null;

/** @returns {Promise<Routes>} */
export function loadRoutes() {
  loading ??= fetch(api.runtime.getURL("help/routes.json")).then((response) => response.json());
  return loading;
}

/**
 * Which country's numbers are shown: the chosen one, else the helper's, else the browser's region, else the EU's.
 * @param {Routes} routes @param {string} chosen "auto" or a code @param {string | null | undefined} helpers
 * @param {string} tag the browser's language tag
 */
export function countryFor(routes, chosen, helpers, tag) {
  const region = /[-_]([A-Za-z]{2})\b/.exec(tag)?.[1]?.toUpperCase() ?? null;
  const base = tag.toLowerCase().split(/[-_]/)[0] ?? "";
  const candidates = [chosen.toUpperCase(), helpers?.toUpperCase(), region, region ? null : routes.country_of_language[base]];
  return candidates.find((code) => code && code in routes.countries) ?? "EU";
}

/**
 * @param {Routes} routes @param {string} country @param {import("../language/catalogue.js").Catalogue} catalogue
 * @returns {HelpLine[]}
 */
export function helpLines(routes, country, catalogue) {
  const all = routes.countries[country] ?? routes.countries["EU"] ?? [];
  // A country's line in the child's own language stands for the ones in its other languages.
  const own = all.some((route) => route.language === catalogue.language);
  return all.filter((route) => !route.language || !own || route.language === catalogue.language).map((route) => {
    let name = route.name ?? catalogue.text(`help_name_${{
      child: "child_helpline", missing: "missing_children", online: "child_helpline", emergency: "emergency",
    }[route.kind]}`);
    if (route.language && !own) {
      const names = new Intl.DisplayNames([catalogue.language], { type: "language" });
      name = catalogue.text("help_in_language", { name, language: names.of(route.language) ?? route.language });
    }
    return {
      kind: route.kind, about: catalogue.text(`help_${route.kind}`),
      number: catalogue.text("help_number", { name, number: route.number }),
    };
  });
}
