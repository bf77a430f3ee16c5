// The words that the commands `lab` and `demo` take. They stand here because these commands load the lab only when it runs.

export const ENGINES = ['standin', 'envoy', 'istio'] as const;
/** Tracers of Envoy. */
export const DRIVERS = ['zipkin', 'otel'] as const;
/** Versions of Jaeger that every engine has. */
export const REAL_JAEGERS = ['1.76', '2.13'] as const;
/** Zipkin itself in Jaeger's place; the istio engine has Istio's Jaeger addon. */
export const ZIPKIN = 'zipkin';
export const BALANCINGS = ['round_robin', 'least_request', 'random'] as const;
