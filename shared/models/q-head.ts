/**
 * The Q head: dueling, with an action tower over a promotion's terms, so a promotion that training never saw is
 * still scored (Wang et al. 2016, arXiv 1511.06581, for the dueling form).
 *
 *   s = relu(relu(state * s1) * s2)            state: [sessionWidth + contextWidth]
 *   a = relu(relu(action * a1) * a2)           action: [actionWidth], one a promotion
 *   A = relu([s, a, s*a] * j1) * j2            [promotions]
 *   V = s * v
 *   Q = offset + scale * (V + A - mean of A over the eligible promotions)
 *
 * offset and scale (tensor `head.unit`, [2]) turn the network's output into the log's own unit of reward.
 */

export interface QHeadConfig {
  /** 0 where no session encoder was trained. */
  sessionWidth: number;
  /** The price of budget included, the last one, where the release was trained for it. */
  contextWidth: number;
  actionWidth: number;
  /** Width of the first state layer. */
  trunk: number;
  /** Width of s and a. */
  hidden: number;
}

/**
 * Widths by default. What is needed before the first decision must stay under 200 KB (brotli): session encoder
 * 110 KB, code 20 KB, products 17 KB leave the head about 45 KB, which a trunk of 128 would exceed.
 */
export const Q_HEAD: Pick<QHeadConfig, 'trunk' | 'hidden'> = { trunk: 64, hidden: 64 };

/** Every parameter's shape, in the order of the flat parameter vector. Matrices are [in, out]. */
export function qHeadShapes(config: QHeadConfig): Record<string, readonly number[]> {
  const { trunk, hidden } = config;
  return {
    'head.s1.w': [config.sessionWidth + config.contextWidth, trunk],
    'head.s1.b': [trunk],
    'head.s2.w': [trunk, hidden],
    'head.s2.b': [hidden],
    'head.a1.w': [config.actionWidth, hidden],
    'head.a1.b': [hidden],
    'head.a2.w': [hidden, hidden],
    'head.a2.b': [hidden],
    'head.j1.w': [3 * hidden, hidden],
    'head.j1.b': [hidden],
    'head.j2.w': [hidden, 1],
    'head.j2.b': [1],
    'head.v.w': [hidden, 1],
    'head.v.b': [1],
  };
}
