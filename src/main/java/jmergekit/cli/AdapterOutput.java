package jmergekit.cli;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import jmergekit.engine.Review;
import jmergekit.lora.AdapterMergePlan;
import jmergekit.lora.AdapterMergeRun;
import jmergekit.lora.AdapterMergeText;
import jmergekit.output.MergedAdapterFiles;
import jmergekit.publish.OutputFolder;

/// An adapter that is merged from others.
record AdapterOutput(AdapterMergePlan plan) implements OtherOutput {
    @Override
    public Collection<Path> inputFiles() {
        return plan.inputFiles();
    }

    @Override
    public List<Path> inputs() {
        return plan.inputs().stream().map(i -> i.adapter().folder()).toList();
    }

    @Override
    public long outputBytes() {
        return plan.outputBytes();
    }

    @Override
    public String text() {
        return AdapterMergeText.of(plan);
    }

    @Override
    public String made() {
        return "an adapter of rank %d, %d tensors".formatted(plan.rank(), plan.tensors().size());
    }

    @Override
    public void write(OutputFolder folder, int threads, Optional<String> card, Review numbers) {
        new AdapterMergeRun(plan, threads)
                .write(folder, new MergedAdapterFiles(plan, card).list(), numbers);
    }
}
