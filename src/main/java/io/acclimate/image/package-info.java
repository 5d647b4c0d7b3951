/**
 * Bytes to pixels, pixels to the model's input row; pure, and the same code for serving and training.
 *
 * <ul>
 *   <li>In: a {@link io.acclimate.core.Payload} and the card's {@link io.acclimate.core.InputSpec}.
 *   <li>Out: a {@link io.acclimate.core.FloatTensor}, or a refusal that names the reason.
 *   <li>Threads: any; readers and buffers are kept per thread.
 *   <li>Owns: ImageIO. PNG files that are not interlaced are read by {@code PngReader}: for 32×32 pixels ImageIO costs
 *       several times as much CPU, and that is the price of the hot path. The checked-in test compares the two.
 * </ul>
 *
 * <p>Rules: limits hold before anything is allocated; alpha lies over black; the first frame of an animation counts; a JPEG's EXIF
 * orientation is applied; colour profiles are not.
 */
@NullMarked
package io.acclimate.image;

import org.jspecify.annotations.NullMarked;
