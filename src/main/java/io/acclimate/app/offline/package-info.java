/**
 * Offline work on model files: {@code pretrain}, {@code fine-tune} and {@code inspect}. None of them needs a broker.
 *
 * <p>In: an ONNX file with its card, a data set. Out: an ONNX file with its card, progress and figures on the terminal.
 */
@NullMarked
package io.acclimate.app.offline;

import org.jspecify.annotations.NullMarked;
