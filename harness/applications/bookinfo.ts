import { compileApplication } from '../definition/compile.ts';
import type { Definition } from '../definition/schema.ts';
import type { ReadableApplication } from '../model/application.ts';

/** The pod that made the reviews, up to the end of its name; images since 1.16.4 print it (docs/facts/bookinfo.md#page). */
const POD = String.raw`Reviews served by:[\s\S]{0,80}?(?<pod>reviews-(?<version>v\d+)-[a-z0-9-]+)`;
/** The container of the stars: Bootstrap era, Tailwind era. `text-red-500` alone also colours error messages. */
const COLOUR = String.raw`(?<=<font color=")\w+(?=">)|(?<=flex gap-x-1 text-)\w+(?=-500)`;
/**
 * A page without stars. A Tailwind page names the pod in each review: without one it shows no review, and so no stars
 * either. Only pages of the Bootstrap era have the html element; since image 1.20.0 a page begins and ends without it.
 */
const NO_STARS = String.raw`^(?=[\s\S]*<html[\s>])(?![\s\S]*(?:${COLOUR}))`;
/** Without stars it may be v1, or any version that could not ask for them. */
const SURE = { ifWhole: true as const, ifNoErrorOf: ['reviews', 'ratings'] };

/**
 * Bookinfo, as its users would write it down: what the specs hold the mesh to. productpage asks details once, and reviews
 * twice when the first try fails; only reviews v2 and v3 ask ratings, and v2 waits longest, 10 s
 * (docs/facts/bookinfo.md#productpage, #reviews). The shares of the three versions are
 * not configured, so equal ones are assumed. The pages of both eras are read, Bootstrap (images up to 1.19) and Tailwind; a section that could not be fetched
 * leaves its error in its place.
 */
export const BOOKINFO: Definition = {
  version: 1,
  name: 'bookinfo',
  gateway: 'istio-ingressgateway',
  entry: 'productpage',
  requests: {
    page: {
      get: '/productpage',
      answer: {
        whole: [
          { matches: '<title>Simple Bookstore App</title>', name: 'its title' },
          {
            matches: String.raw`>\s*(?:Book Details|Error fetching product details!?)\s*<`,
            name: 'the details or their error',
          },
          {
            matches: String.raw`>\s*(?:Book Reviews|Error fetching product reviews!?)\s*<`,
            name: 'the reviews or their error',
          },
          { matches: String.raw`^(?![\s\S]*<html[\s>])|</html>\s*$`, name: 'the end of its html element' },
        ],
        versions: [
          { of: 'reviews', matches: POD, from: 'pod name' },
          { of: 'reviews', matches: COLOUR, map: { black: 'v2', red: 'v3' }, from: 'star colour', ...SURE },
          { of: 'reviews', matches: NO_STARS, is: 'v1', from: 'no stars', ...SURE },
        ],
        errors: [
          { contains: 'Error fetching product details', service: 'details' },
          { contains: 'Error fetching product reviews', service: 'reviews' },
          { contains: 'Ratings service is currently unavailable', service: 'ratings' },
        ],
      },
    },
  },
  calls: {
    productpage: ['details', { to: 'reviews', attempts: 2 }],
    reviews: [{ to: 'ratings', when: ['v2', 'v3'] }],
  },
  versions: { reviews: ['v1', 'v2', 'v3'] },
  timeout: '10s',
  // In the folder of the Istio release (docs/facts/bookinfo.md#manifests).
  install: {
    workloads: 'kubectl apply -f samples/bookinfo/platform/kube/bookinfo.yaml',
    routes: 'kubectl apply -f samples/bookinfo/networking/bookinfo-gateway.yaml',
  },
};

export const bookinfo: ReadableApplication = compileApplication(BOOKINFO, {
  from: 'the definition of bookinfo',
  env: {},
  isBuiltIn: true,
});
