/**
 * Acclimate: an ONNX classifier on Kafka that adapts to its target domain while it serves.
 *
 * <p>The packages below are the rooms of the house, named after the stages of the pipeline: {@code serve} answers images,
 * {@code minibatch} collects labels, {@code adapt} learns, {@code gate} judges, {@code registry} publishes and follows versions. Around them:
 * {@code image}, {@code text}, {@code onnx}, {@code infer} and {@code train} know pictures and networks; {@code wire} is the contract, {@code kafka} is
 * how we talk to Kafka; {@code scratch} keeps on disk what is too much for memory; {@code telemetry} and {@code web} show what happens; {@code app} is the command line; {@code client} is for Java
 * programs of others. Each has a {@code package-info} with its inputs, outputs, threads and what it owns.
 *
 * <p>Fifteen words have one meaning each, in code, messages, metrics and documentation:
 *
 * <dl>
 *   <dt>source domain, target domain
 *   <dd>The labelled data that the pretrained model has learnt from; the live stream that it must fit.
 *   <dt>domain
 *   <dd>One target domain, named by the header {@code domain}: a camera, a site. Each has versions, buffers and checkpoints of its own.
 *   <dt>labelled sample
 *   <dd>An image of the target domain together with its class.
 *   <dt>mini-batch
 *   <dd>The labelled samples of one domain that are learnt from together. Not a poll batch, which is what one Kafka poll returns, and not an
 *       inference batch, which is what one run of a session computes.
 *   <dt>round
 *   <dd>All that one mini-batch leads to: scoring, some training steps, a candidate, a gate decision.
 *   <dt>candidate
 *   <dd>Trained weights that have not been judged yet.
 *   <dt>gate
 *   <dd>The judge of candidates. It promotes, rejects with reasons, or defers because evidence is missing.
 *   <dt>holdout
 *   <dd>Labelled samples that nothing is ever trained on; the gate's evidence.
 *   <dt>replay buffer
 *   <dd>A bounded collection of past samples that further training steps draw from.
 *   <dt>model version
 *   <dd>Immutable weights with a number, a parent, a digest and their provenance. Version 0 is the source model.
 *   <dt>active version
 *   <dd>The version that answers images now.
 *   <dt>prequential accuracy
 *   <dd>Test-then-train: each labelled sample is scored by the active version before anything is trained on it.
 *   <dt>checkpoint, snapshot
 *   <dd>What a restarted worker continues from. A snapshot is a complete one; between snapshots a checkpoint lists mini-batches.
 *   <dt>rollback
 *   <dd>Making an earlier version active again, as a new record; nothing is deleted or renumbered.
 *   <dt>dead letter
 *   <dd>A record that could not be processed, with its bytes, a reason and its coordinates.
 * </dl>
 */
package io.acclimate;
