package io.acclimate.adapt.rebuild;

import io.acclimate.adapt.random.Effort;
import io.acclimate.core.ControlCommand;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the events tell about a domain beside its mini-batches.
 *
 * @param configurationIds by the offset of the mini-batch that was learnt from under them, where an event says so
 * @param statesLost by the offset of a mini-batch whose worker could not continue from its predecessor's training state: the offset from
 *     which on that was lost
 * @param efforts by the offset of the mini-batch, where it was less than all that the settings say
 * @param commands by the offset of the mini-batch after which they were answered, -1 for before the first
 * @param gap which records the topics have lost
 */
record History(
        Map<Long, String> configurationIds,
        Map<Long, Long> statesLost,
        Map<Long, Effort> efforts,
        Map<Long, List<RecordedCommand>> commands,
        Optional<String> gap) {
    History {
        configurationIds = Map.copyOf(configurationIds);
        statesLost = Map.copyOf(statesLost);
        efforts = Map.copyOf(efforts);
        commands = Map.copyOf(commands);
    }

    Optional<String> configurationId(long offset) {
        return Optional.ofNullable(configurationIds.get(offset));
    }

    /** Where the worker that learnt from this mini-batch had lost its predecessor's state, if its event says so. */
    OptionalLong stateLostAt(long offset) {
        Long lost = statesLost.get(offset);
        return lost == null ? OptionalLong.empty() : OptionalLong.of(lost);
    }

    /** All offsets from which on a worker lost its predecessor's state, as far as events say. */
    Set<Long> allStatesLost() {
        Set<Long> all = new HashSet<>(statesLost.values());
        commands.values().stream()
                .flatMap(List::stream)
                .map(RecordedCommand::stateLostAt)
                .flatMapToLong(OptionalLong::stream)
                .forEach(all::add);
        return all;
    }

    Effort effort(long offset) {
        return efforts.getOrDefault(offset, Effort.FULL);
    }

    List<RecordedCommand> commandsAfter(long offset) {
        return commands.getOrDefault(offset, List.of());
    }

    /** The commands that were answered after the round of this number and before the mini-batch at {@code offset}, in their order. */
    List<RecordedCommand> commandsBetween(long generation, long offset) {
        return new TreeMap<>(commands)
                .headMap(offset).values().stream()
                        .flatMap(List::stream)
                        .filter(each -> each.generation() > generation)
                        .toList();
    }

    /**
     * A command that a worker answered.
     *
     * @param configurationId of the worker; empty when the event does not say it
     * @param generation of the domain's rounds, the command's included; {@code Long.MAX_VALUE} when the event does not say it
     * @param stateLostAt where the worker had lost its predecessor's state, if the event says so
     * @param command empty when it was refused and so changed nothing
     */
    record RecordedCommand(
            Optional<String> configurationId,
            long generation,
            OptionalLong stateLostAt,
            Optional<ControlCommand> command) {
        /** A command to a worker that continued from its predecessor's state. */
        RecordedCommand(Optional<String> configurationId, Optional<ControlCommand> command) {
            this(configurationId, Long.MAX_VALUE, OptionalLong.empty(), command);
        }
    }

    /**
     * A kept start of a worker that had lost its predecessor's state, and that had no round to tell it by.
     *
     * @param generation of the domain's rounds that led to the start
     * @param nextMiniBatch the number of the first mini-batch after it
     * @param lostAt the offset from which on the state was lost
     */
    record KeptLoss(long generation, long nextMiniBatch, long lostAt) {}

    /** The place of a mini-batch that is kept: its record's offset and its number in the domain. */
    record KeptMiniBatch(long offset, long sequence) {}
}
