/**
 * Turns a text into the tokens that a model takes.
 *
 * <ul>
 *   <li>In: the UTF-8 bytes of a record, and the card's {@link io.acclimate.core.ModelInput.TextInput} with its tokenizer.
 *   <li>Out: a row of whole numbers, or a refusal that names the reason.
 *   <li>Threads: any.
 *   <li>Owns: the tokenizer library. Its native part comes in the jar and is loaded without a network.
 * </ul>
 */
@NullMarked
package io.acclimate.text;

import org.jspecify.annotations.NullMarked;
