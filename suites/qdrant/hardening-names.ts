/** Ways of running the vendor's image that the security document advises. */
export const hardenings = ['unprivileged-image', 'user-1000', 'user-1000-2000', 'read-only-root', 'no-way-out', 'cluster-without-a-way-out'] as const
export type Hardening = (typeof hardenings)[number]
