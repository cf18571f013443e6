/** Where noise and dilation of the double moon are uniform a priori. */
export const noises = [0.05, 0.3] as const
export const dilations = [0.5, 1.5] as const
