/** An example or two a command, shown below its help. */
export const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  run: [
    'hopcheck run --ingress http://127.0.0.1:8080 --jaeger http://127.0.0.1:16686',
    'hopcheck run --kube',
    'hopcheck run --wait 5m --report junit=out.xml --report html=out.html',
    "hopcheck run --only smoke --tolerate HC501='fixed next week'",
    'hopcheck run --dry-run',
  ],
  judge: [
    'hopcheck judge run.capture --report html=out.html',
    'hopcheck judge run.capture --baseline before.json --fail-on new',
  ],
  doctor: ['hopcheck doctor --kube', 'hopcheck doctor --config hopcheck.config.yaml --json'],
  config: ['hopcheck config --print --config hopcheck.config.yaml'],
  codes: ['hopcheck codes', 'hopcheck codes --json'],
  explain: ['hopcheck explain HC501'],
  completion: ['source <(hopcheck completion bash)', 'hopcheck completion fish | source'],
  lab: ['hopcheck lab --fault drop-all:reviews', 'hopcheck lab --list-faults'],
  demo: ['hopcheck demo --fault missing:reviews-v3'],
  import: [
    'hopcheck import traces.json',
    'hopcheck import saved/ --requests sent.json --complete --report html=out.html',
  ],
};
