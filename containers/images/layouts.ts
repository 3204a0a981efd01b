import { dirname } from 'node:path'
import type { ProductName } from '../../src/rule.ts'
import type { Artefact } from '../server.ts'

/** Where a server lies in its official image, so that one recipe runs both. */
export interface Layout {
  /** What of the artefact becomes `server/` in the folder that the image is built from: a file, or a folder's content. */
  readonly source: (artefact: Artefact) => string
  /** The lines of the Dockerfile after `FROM`. */
  readonly lines: readonly string[]
}

export const layouts = {
  milvus: {
    source: ({ program }) => dirname(program),
    lines: [
      'COPY server/ /milvus/bin/',
      'RUN mkdir -p /milvus/configs',
      'ENV PATH=/milvus/bin:$PATH LD_LIBRARY_PATH=/milvus/bin',
      'WORKDIR /milvus',
      'CMD ["milvus"]',
    ],
  },
  weaviate: {
    source: ({ program }) => program,
    lines: ['COPY server /bin/weaviate', 'ENTRYPOINT ["/bin/weaviate"]', 'CMD ["--host", "0.0.0.0", "--port", "8080", "--scheme", "http"]'],
  },
  keycloak: {
    source: ({ program }) => dirname(program),
    lines: ['COPY --chown=1000:0 server/ /opt/keycloak/', 'RUN chmod g+rwX /opt/keycloak', 'USER 1000', 'ENTRYPOINT ["/opt/keycloak/bin/kc.sh"]'],
  },
  qdrant: {
    source: ({ program }) => program,
    lines: [
      'WORKDIR /qdrant',
      'COPY server /qdrant/qdrant',
      `RUN printf '#!/bin/sh\\nexec ./qdrant "$@"\\n' > entrypoint.sh && chmod 755 entrypoint.sh`,
      'CMD ["./entrypoint.sh"]',
    ],
  },
} as const satisfies Readonly<Record<ProductName, Layout>>
