-- Does what a person would: waits for the diagnostic, takes the remedy that is asked for, saves, and says what it saw.
local wanted = assert(os.getenv("WANTED"), "WANTED names the code action")

local function wait(what, condition)
  if not vim.wait(60000, condition, 50) then
    io.stderr:write("no " .. what .. "\n")
    vim.cmd("cquit 1")
  end
end

wait("diagnostic", function()
  return #vim.diagnostic.get(0) > 0
end)
local found = vim.diagnostic.get(0)[1]
vim.api.nvim_win_set_cursor(0, { found.lnum + 1, found.col })

local hovered
local client = vim.lsp.get_active_clients and vim.lsp.get_active_clients()[1] or vim.lsp.get_clients()[1]
local at = { textDocument = { uri = vim.uri_from_bufnr(0) }, position = { line = found.lnum, character = found.col } }
vim.lsp.buf_request(0, "textDocument/hover", at, function(_, answer)
  hovered = answer.contents.value
end)
wait("hover", function()
  return hovered
end)

local chosen
vim.ui.select = function(items, options, choose)
  for number, item in ipairs(items) do
    local title = options.format_item and options.format_item(item) or tostring(item)
    if title:find(wanted, 1, true) then
      chosen = title
      choose(item, number)
      return
    end
  end
end
vim.lsp.buf.code_action()
wait("code action", function()
  return chosen and vim.bo.modified
end)
vim.cmd("write")
wait("clean file", function()
  return #vim.diagnostic.get(0) == 0
end)

io.stdout:write(vim.json and vim.json.encode({
  encoding = client.offset_encoding,
  code = found.code or found.user_data.lsp.code,
  message = found.message,
  line = found.lnum,
  column = found.col,
  hover = hovered,
  action = chosen,
}) or "")
vim.cmd("qall!")
