/**
 * Turns bytes into pixels and pixels into the model's input row. The code is pure, and the same for serving and training.
 *
 * <ul>
 *   <li>In: a {@link io.acclimate.core.Payload} and the card's {@link io.acclimate.core.InputSpec}.
 *   <li>Out: a {@link io.acclimate.core.FloatTensor}, or a refusal that names the reason.
 *   <li>Threads: any; readers and buffers are kept per thread.
 *   <li>Owns: ImageIO. {@code PngReader} reads PNG files that are not interlaced, because decoding dominates the cost of serving
 *       small images, and ImageIO needs several times as much CPU for 32×32 pixels. A test compares the two.
 * </ul>
 *
 * <p>Rules: limits are checked before anything is allocated. Transparent parts lie over black. Of an animation, the first frame is
 * read. The EXIF orientation of a JPEG or PNG is applied, and colour profiles are not. What libjpeg, libpng and Pillow make of a file
 * is right, since networks are trained on it.
 */
@NullMarked
package io.acclimate.image;

import org.jspecify.annotations.NullMarked;
