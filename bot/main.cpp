// The command line: one binary, one subcommand for each thing it does.

#include "bot/commands.hpp"
#include "bot/model_commands.hpp"

#include <CLI/CLI.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdio>
#include <exception>

namespace {

constexpr int kUsage = 2;
constexpr int kEnvironment = 4;

using wasl::bot::AgentOptions;
using wasl::bot::CallOptions;
using wasl::bot::CommandOptions;
using wasl::bot::GraphOptions;
using wasl::bot::ModelOptions;
using wasl::bot::ReviewOptions;
using wasl::bot::TestOptions;

void add_bot(CLI::App& command, CommandOptions& options) {
  command.add_option("--bot", options.bot, "the bot folder")->envname("WASL_BOT");
}

void add_agents(CLI::App& app, CommandOptions& options, AgentOptions& agent) {
  CLI::App* agents = app.add_subcommand("agents", "the accounts of the people at the desk");
  agents->require_subcommand(1);
  CLI::App* add = agents->add_subcommand("add", "a new account; the password comes on stdin");
  add->add_option("--email", agent.email)->required();
  add->add_option("--name", agent.name)->required();
  add->add_option("--role", agent.role, "agent, supervisor or admin");
  add->add_option("--skills", agent.skills)->delimiter(',');
  add->add_option("--languages", agent.languages)->delimiter(',');
  add->add_option("--capacity", agent.capacity)->check(CLI::Range(1, 100));
  add->add_flag("--password-stdin", agent.password_stdin)->required();
  CLI::App* disable = agents->add_subcommand("disable", "an account that may no longer sign in");
  disable->add_option("--email", agent.email)->required();
  CLI::App* list = agents->add_subcommand("list", "all accounts");
  CLI::App* demo = agents->add_subcommand("demo", "two people to try the console with");
  for (CLI::App* one : {add, disable, list, demo}) {
    add_bot(*one, options);
    one->add_option("--store", agent.store, "sqlite:PATH");
    one->add_flag("--json", options.json);
    one->callback([&agent, one] { agent.action = one->get_name(); });
  }
}

void add_call(CLI::App& app, CommandOptions& options, CallOptions& call) {
  add_bot(app, options);
  app.add_flag("--json", options.json);
  app.add_option("name", call.name, "of the call, as calls/*.yml names it")->required();
  app.add_option("arguments", call.arguments, "name=text, or name:=2, name:=true");
  app.add_option("--record", call.record,
                 "keep the reply for `wasl test`: tests/fixtures/NAME.json");
  app.add_flag("--yes", call.yes, "also a call that cannot be undone");
}

void add_models(CLI::App& train, CLI::App& eval, CLI::App& predict, ModelOptions& model) {
  for (CLI::App* one : {&train, &eval}) {
    one->add_option("--bot", model.bot, "the bot folder")->envname("WASL_BOT");
    one->add_option("--seed", model.seed, "same data and seed, same model");
    one->add_flag("--json", model.json);
  }
  train.add_option("--data", model.data, "lines of label<TAB>text, instead of a bot folder");
  train.add_option("--dev", model.dev, "lines to calibrate and to choose thresholds on");
  train.add_option("--model", model.model, "the folder of a model without a bot");
  train.add_flag("--if-needed", model.if_needed, "only when the examples changed");
  train.add_flag("--rollback", model.rollback, "back to the last good model");
  eval.add_option("--data", model.data, "lines of label<TAB>text to judge");
  eval.add_option("--model", model.model, "the folder of a model without a bot");
  eval.add_option("--folds", model.folds, "of the cross-validation of a bot folder")
      ->check(CLI::Range(2, 50));
  eval.add_option("--report", model.report,
                  "a page with pictures and sentences to write: OUT.html");
  predict.add_option("--model", model.model, "the folder of a model")->required();
  predict.add_option("--top", model.top, "how many intents to rank")->check(CLI::Range(1, 1000));
}

void add_graph(CLI::App& graph, GraphOptions& options) {
  graph.add_option("--flow", options.flow, "one flow; without it the overview of all");
  graph.add_option("--format", options.format, "dot, mermaid, or svg (drawn by Graphviz)")
      ->check(CLI::IsMember({"dot", "mermaid", "svg"}));
  graph.add_option("--language", options.language, "of the texts; else the bot's default");
  graph.add_option("--out", options.out, "a file instead of the terminal");
}

void add_review(CLI::App& review, ReviewOptions& options) {
  review.add_option("--store", options.store, "sqlite:PATH");
  review.add_option("--since", options.since, "nothing older: 2026-11-01, or 7d");
  review.add_option("--add", options.add, "INTENT=GROUP: its sentences become examples");
  review.add_option("--out-of-scope", options.out_of_scope, "GROUP: none of the bot's business");
  review.add_option("--dismiss", options.dismiss, "GROUP: not shown again");
}

int run(int argc, char** argv) {
  CLI::App app{"Wasl: a customer-service front desk that never closes"};
  app.name("wasl");
  app.set_version_flag("--version", WASL_VERSION);
  app.require_subcommand(1);

  CommandOptions options;
  std::filesystem::path folder;
  std::string schema_name;
  ModelOptions model;
  bool explain = false;
  std::string listen;
  std::string store;
  AgentOptions agent;
  CallOptions call;
  GraphOptions graph;
  ReviewOptions reviewing;
  TestOptions testing;

  CLI::App* init = app.add_subcommand("init", "a new bot folder, a copy of the starter bot");
  init->add_option("folder", folder)->required();

  CLI::App* validate = app.add_subcommand("validate", "every mistake of a bot folder");
  CLI::App* train = app.add_subcommand("train", "the models of a bot folder");
  CLI::App* eval = app.add_subcommand("eval", "how well a model understands");
  CLI::App* predict = app.add_subcommand("predict", "one text a line in, intents as JSON out");
  CLI::App* test = app.add_subcommand("test", "the bot's conversation tests");
  CLI::App* shell = app.add_subcommand("shell", "talk to the bot in the terminal");
  CLI::App* understand = app.add_subcommand("understand", "one text a line in, JSON out");
  CLI::App* doctor = app.add_subcommand("doctor", "what of a bot somebody should look after");
  CLI::App* review =
      app.add_subcommand("review", "messages the bot had no answer for, to learn from");
  CLI::App* draw = app.add_subcommand("graph", "a picture of the flows");
  CLI::App* serve = app.add_subcommand("serve", "the server");
  CLI::App* make_call = app.add_subcommand("call", "one call of a business system, really made");
  add_call(*make_call, options, call);
  for (CLI::App* one : {validate, test, shell, understand, doctor, serve, draw, review}) {
    add_bot(*one, options);
  }
  for (CLI::App* one : {validate, test, doctor, review}) one->add_flag("--json", options.json);
  add_models(*train, *eval, *predict, model);
  shell->add_flag("--explain", explain, "show how each message was understood");
  serve->add_option("--listen", listen, "ADDRESS:PORT; port 0 picks one");
  for (CLI::App* one : {serve, doctor}) {
    one->add_option("--store", store, "sqlite:PATH or memory:");
  }
  test->add_option("--only", testing.only, "tests whose name or file has this in it");
  test->add_flag("--coverage", testing.coverage, "which steps and intents no test met");
  CLI::App* schema = app.add_subcommand("schema", "JSON Schemas of a bot folder's files");
  schema->add_option("name", schema_name, "which to print; without it the list of them");
  schema->add_option("--out", folder, "a bot folder to write all of them into");
  add_graph(*draw, graph);
  add_review(*review, reviewing);
  add_agents(app, options, agent);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& wrong) {
    return app.exit(wrong) == 0 ? 0 : kUsage;
  }

  if (*init) return wasl::bot::run_init(folder);
  if (*validate) return wasl::bot::run_validate(options);
  if (*train) return wasl::bot::run_train(model);
  if (*eval) return wasl::bot::run_eval(model);
  if (*predict) return wasl::bot::run_predict(model);
  if (*test) return wasl::bot::run_tests(options, testing);
  if (*shell) return wasl::bot::run_shell(options, explain);
  if (*understand) return wasl::bot::run_understand(options);
  if (*make_call) return wasl::bot::run_call(options, call);
  if (*doctor) return wasl::bot::run_doctor(options, store);
  if (*schema) return wasl::bot::run_schema(schema_name, folder);
  if (*review) return wasl::bot::run_review(options, reviewing);
  if (*draw) return wasl::bot::run_graph(options, graph);
  if (*serve) return wasl::bot::run_serve(options, listen, store);
  return wasl::bot::run_agents(options, agent);
}

}  // namespace

int main(int argc, char** argv) {
  // Logs go to stderr, one line each: time, level, message, key=value; never a message's text.
  spdlog::set_default_logger(spdlog::stderr_logger_mt("wasl"));
  spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
  try {
    return run(argc, argv);
  } catch (const std::exception& failed) {
    std::fprintf(stderr, "wasl: %s\n", failed.what());
    return kEnvironment;
  }
}
